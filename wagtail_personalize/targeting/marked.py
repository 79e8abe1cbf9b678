"""A remark beside the code: what stands there is meant for everybody, so no check needs to complain.

``# personalize: everybody`` in Python and ``{# personalize: everybody #}`` in a template, on the same line or the line
above.
"""

REMARK = "personalize: everybody"


def is_for_everybody(text: str, place: int) -> bool:
    """Whether the line at ``place`` or the one above carries the remark."""
    line = text.rfind("\n", 0, place)
    above = text.rfind("\n", 0, max(line, 0))
    end = text.find("\n", place)
    return REMARK in text[above + 1 : end if end >= 0 else None]
