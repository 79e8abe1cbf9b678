"""Who looks: an anonymous visitor, and one real person for each combination of segments that really occurs.

Only segments that some audience names make a difference. Where there are more combinations than may look, those are
taken that add most: every such segment is looked at from the inside and from the outside as soon as possible.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex

from wagtail_personalize.segments.models import Membership, Segment
from wagtail_personalize.segments.viewer import Viewer

from ..audiences import visible_audience_ids
from ..clauses import read
from ..models import Audience

Combination = frozenset[int]
_MOST_NAMES = 6
#: Of very many combinations only the most frequent ones are compared.
_MOST_FREQUENT = 1000


@dataclass(frozen=True)
class Looker:
    """Somebody who looks at the site. ``label`` names no person; ``user`` is ``None`` for an anonymous visitor."""

    label: str
    user: Any
    viewer: Viewer

    @property
    def key(self) -> str:
        return "" if self.user is None else str(self.user.pk)


def lookers(people: int, named: Iterable[str] = ()) -> list[Looker]:
    """Those who see most first, so that what one of them left in a cache meets those who see less; anonymous last."""
    names = dict(Segment.objects.filter(pk__in=deciding_segments()).order_by("name").values_list("pk", "name"))
    users = _named(named) if named else _one_of_each(frozenset(names), people)
    found = [_looker(user, names) for user in users]
    found.sort(key=lambda looker: -len(visible_audience_ids(looker.viewer)))
    return [*found, Looker(_("an anonymous visitor"), None, Viewer.anonymous())]


def deciding_segments() -> Combination:
    """The segments that an audience of a page, a collection or a block names."""
    uuids = {uuid for clauses in Audience.objects.values_list("clauses", flat=True) for c in read(clauses)
             for uuid in c.segment_uuids}  # fmt: skip
    found = set(Segment.objects.filter(uuid__in=uuids).values_list("pk", flat=True))
    content_type = ReferenceIndex.objects.model._meta.get_field("to_content_type").related_model
    references = ReferenceIndex.objects.filter(to_content_type=content_type.objects.get_for_model(Segment))
    keys = references.values_list("to_object_id", flat=True).distinct()
    return frozenset(found | {int(key) for key in keys if str(key).isdigit()})


def _looker(user: Any, names: dict[int, str]) -> Looker:
    viewer = Viewer.for_person(user)
    mine = [name for pk, name in names.items() if pk in viewer.segment_ids]
    return Looker(_label(mine), user, viewer)


def _label(mine: list[str]) -> str:
    if not mine:
        return _("a person in none of the segments")
    more = len(mine) - _MOST_NAMES
    shown = ", ".join(mine[:_MOST_NAMES])
    return _("a person in %(segments)s") % {
        "segments": shown if more < 1 else _("%(shown)s and %(more)s more") % {"shown": shown, "more": more}
    }


def _named(names: Iterable[str]) -> list[Any]:
    users = get_user_model()._default_manager
    return [users.get_by_natural_key(name) for name in names]


def _one_of_each(deciding: Combination, people: int) -> list[Any]:
    """One user for each of the chosen combinations, and somebody who is in none of the segments."""
    first = _combinations(deciding)
    chosen = _most_telling(first, deciding, people)
    users = get_user_model()._default_manager.in_bulk([first[combination] for combination in chosen])
    outsider = _somebody_outside(deciding) if people else None
    return [*users.values(), *([outsider] if outsider else [])]


def _combinations(deciding: Combination) -> dict[Combination, Any]:
    """Each combination that occurs, with the key of the first person in it; the most frequent first."""
    rows = Membership.objects.filter(segment__in=deciding, segment__broken="").order_by("person_id", "segment_id")
    first: dict[Combination, Any] = {}
    frequency: dict[Combination, int] = {}
    pairs = rows.values_list("person_id", "segment_id").iterator(chunk_size=5000)
    for person, group in groupby(pairs, key=lambda row: row[0]):
        combination = frozenset(segment for _person, segment in group)
        first.setdefault(combination, person)
        frequency[combination] = frequency.get(combination, 0) + 1
    return {combination: first[combination] for combination in sorted(first, key=lambda c: -frequency[c])}


def _most_telling(found: Iterable[Combination], deciding: Combination, most: int) -> list[Combination]:
    """At most so many: again and again the one that shows most segments from a side not seen yet."""
    left, chosen, seen = list(islice(found, _MOST_FREQUENT)), [], set()
    while left and len(chosen) < most:
        best = max(left, key=lambda combination: len(_sides(combination, deciding) - seen))
        seen |= _sides(best, deciding)
        left.remove(best)
        chosen.append(best)
    return chosen


def _sides(combination: Combination, deciding: Combination) -> set[tuple[int, bool]]:
    return {(segment, segment in combination) for segment in deciding}


def _somebody_outside(deciding: Combination) -> Any:
    inside = Membership.objects.filter(segment__in=deciding).values("person_id")
    return next(_active(get_user_model()._default_manager.exclude(pk__in=inside).order_by("pk").iterator()), None)


def _active(users: Iterable[Any]) -> Iterator[Any]:
    return (user for user in users if getattr(user, "is_active", True))
