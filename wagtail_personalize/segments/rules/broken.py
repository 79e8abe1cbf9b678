"""The one way in which a rule fails."""


class BrokenRule(Exception):
    """A rule that names something unknown, or nothing at all: its whole segment is empty, also under *none of*.

    ``sentence`` tells an editor what is wrong and what to do.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
