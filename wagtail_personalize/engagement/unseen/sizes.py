"""How many people of a page's audience it has not reached, for editors: through the privacy layer."""

from typing import Any

from wagtail_personalize.privacy.figures import Reason, Shown, Withheld, remainder, rules

from ..counting.contents import places
from ..counting.counted_people import active_objectors, segments_of
from ..counting.happened import Counted
from ..counting.meant_for import MeantFor
from ..models import ALL


def number_not_reached(page: Any, audience: Shown | Withheld, reached: Shown | Withheld, group: int = ALL) -> Any:
    """People of ``group`` for whom the page is meant and whom it has not reached, without those who objected.

    ``audience`` and ``reached`` are what may be told; nothing is told where either is withheld, or where the number of
    those who objected, which can be worked out from all three, is one that may not be told.
    """
    for decision in (audience, reached):
        if isinstance(decision, Withheld):
            return decision
    objected = _objected(page, group)
    if 0 < objected < rules().floor:
        return Withheld(Reason.COMPLEMENT)
    return remainder(audience.value, reached.value, objected)


def _objected(page: Any, group: int) -> int:
    """How many people for whom the page is meant are not counted."""
    about, people = Counted.page(page.translation_key), active_objectors()
    meant_for = MeantFor([about], places({about.key}))
    segments = segments_of(people, meant_for.segments | ({group} - {ALL}))
    mine = [segments.get(str(person), frozenset()) for person in people]
    return sum(meant_for.includes(about, one) and (group == ALL or group in one) for one in mine)
