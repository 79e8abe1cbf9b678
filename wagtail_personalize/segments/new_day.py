"""A new local day: what depends on the date is brought up to it, once, by whoever comes first.

Usually that is the nightly command. If it did not run, lists, sizes, digests and notifications call ``ensure_today``
before they look; a viewer is answered without it (see ``expired``). Only those people are looked at for whom a date
condition answers otherwise since the last such day, however long ago that was.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from wagtail_personalize.people.declaration import get_declaration

from . import versions
from .changing import changing_memberships
from .days import today
from .effective import people
from .expiring import expiring, untold
from .journeys.changing import follow_day
from .models import Segment

if TYPE_CHECKING:
    from .refresh import Difference

#: With more people than this whose decisions expire, it is cheaper to look at everybody.
MOST_PEOPLE = 20_000


def ensure_today() -> bool:
    """Refresh what depends on the date, once for each local day; whether this call did it."""
    return begin_day() is not None


def begin_day() -> "Difference | None":
    """The same; how many memberships began and ended with the day, or ``None`` when it had begun before."""
    if versions.number_of(versions.DAY) >= today().toordinal():
        return None
    with changing_memberships():
        day = today()
        reached = versions.number_of(versions.DAY)
        if reached >= day.toordinal():
            return None
        follow_day()
        difference = _bring_up_to(day, since=date.fromordinal(reached) if reached else None)
        versions.reach_day(day.toordinal())
        return difference


def _bring_up_to(day: date, since: date | None) -> "Difference":
    from .refresh import refresh

    rules = {slug: (pk, rule) for pk, slug, rule in _dated()}
    alone = untold({slug: rule for slug, (_pk, rule) in rules.items()})
    told = [pair for slug, pair in rules.items() if slug not in alone]
    concerned = whose_decisions_expire([rule for _pk, rule in told], since, day) if since else None
    if concerned is None:
        return refresh([pk for pk, _rule in rules.values()], cause="day")
    one = refresh([pk for pk, _rule in told if concerned], concerned, cause="day")
    other = refresh([rules[slug][0] for slug in alone], cause="day")
    return type(one)(one.joined + other.joined, one.left + other.left)


def whose_decisions_expire(rules: Iterable[Any], since: date, until: date) -> set[Any] | None:
    """The keys of the people; ``None`` when they are so many that everybody should be looked at."""
    declaration = get_declaration()
    qs = expiring(rules, since, until) if declaration else None
    if qs is None:
        return None
    found: set[Any] = set()
    for q in qs:
        rows = declaration.profiles().filter(people(declaration) & q).order_by()
        found.update(rows.values_list(declaration.person_path, flat=True)[: MOST_PEOPLE + 1])
        if len(found) > MOST_PEOPLE:
            return None
    return found


def _dated() -> Iterable[tuple[int, str, Any]]:
    return Segment.objects.filter(depends_on_date=True).order_by("pk").values_list("pk", "slug", "rule")
