"""Which rules hold: those of the package, or the stricter ones that a works council agreed to."""

from dataclasses import dataclass

from wagtail_personalize.conf import get_settings

#: In groups below this size, *all* and *nobody* are not told: either says it of everyone in it.
MASKED_BELOW = 20
#: Groups below this size are told of weeks and months that are over, so that two looks show nobody's single step.
CLOSED_BELOW = 50


@dataclass(frozen=True)
class Rules:
    """What holds on this site. ``spans`` are the shortest and longer spans of time that are told."""

    floor: int
    spans: tuple[str, ...] = ("day", "week", "month")
    has_hours: bool = True
    #: Words that people wrote: searches, answers.
    has_free_text: bool = True
    #: How the pages of single authors do.
    has_authors: bool = True
    is_measured: bool = True


def rules() -> Rules:
    """The rules of the setting ``MEASUREMENT``; a higher ``FLOOR`` holds in any case."""
    floor, chosen = get_settings().FLOOR, get_settings().MEASUREMENT
    if chosen == "standard":
        return Rules(floor)
    strict = Rules(max(floor, 10), spans=("week", "month"), has_hours=False, has_free_text=False, has_authors=False)
    return strict if chosen == "works_council" else Rules(strict.floor, (), False, False, False, is_measured=False)
