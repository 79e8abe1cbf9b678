"""The import's sentences as they are read in the admin, where nobody types options of a command."""


def in_the_admin(sentence: str) -> str:
    """Without the name of the option."""
    return sentence.replace(" (--allow-leavers)", "")
