"""New colleagues, birthdays and anniversaries: a fixed number of queries, however many people there are.

Days are local days of the site. 29 February counts as 28 February in other years, as it does in rules.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_personalize.people.appearing.choosing import appearing, telling
from wagtail_personalize.people.attributes import Date
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.loading import with_attributes
from wagtail_personalize.people.pages.cards import PersonCard, card
from wagtail_personalize.people.values import local_day, value_of
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.rules.calendar import anniversary
from wagtail_personalize.segments.rules.kinds.date import in_days, in_rounds
from wagtail_personalize.segments.rules.targets import target
from wagtail_personalize.segments.viewer import Viewer

from .who import for_reader

NEW, BIRTHDAYS, ANNIVERSARIES = "new", "birthdays", "anniversaries"
#: So many days before and after today make the week around it.
AROUND = 3
#: More people than this in one week are not sorted.
_MOST = 2000


@dataclass(frozen=True)
class Told:
    """A colleague, and what is told of them in a few words."""

    person: PersonCard
    text: str
    is_today: bool = False


def new_colleagues(viewer: Viewer, days: int, number: int, segment: str = "") -> list[Told]:
    """Who began in the last ``days`` days, the newest first."""
    attribute = declared("hired")
    if attribute is None:
        return []
    since = in_days(target(get_declaration(), attribute), [(today() - timedelta(days=days), today())])
    people = for_reader(appearing().filter(reduce(or_, since)), viewer, NEW, segment)
    profiles = _loaded(people.order_by(f"-{attribute.path}", "pk")[:number], attribute)
    return [_told(profile, _since(value_of(profile, attribute))) for profile in profiles]


def birthdays(viewer: Viewer, number: int, segment: str = "") -> list[Told]:
    """Who said yes and has their birthday in the week around today: today's first, then what comes, then what was."""
    return _coming_round("birthday", "shows_birthday", BIRTHDAYS, lambda _day, when: when, viewer, number, segment)


def anniversaries(viewer: Viewer, number: int, segment: str = "") -> list[Told]:
    """The same for who has been here for another year."""

    def say(day: date, when: str) -> str:
        years = max(1, _occurrence(day).year - day.year)
        text = ngettext("%(number)d year: %(day)s", "%(number)d years: %(day)s", years)
        return text % {"number": years, "day": when}

    return _coming_round("hired", "shows_anniversary", ANNIVERSARIES, say, viewer, number, segment)


def declared(part: str) -> Date | None:
    """The attribute that the declaration names as ``hired`` or ``birthday``, if it is a date."""
    declaration = get_declaration()
    attribute = declaration.get(getattr(declaration, part) or "") if declaration else None
    return attribute if isinstance(attribute, Date) else None


def _coming_round(
    part: str,
    choice: str,
    widget: str,
    say: Callable[[date, str], str],
    viewer: Viewer,
    number: int,
    segment: str,
) -> list[Told]:
    attribute = declared(part)
    if attribute is None:
        return []
    found = target(get_declaration(), attribute)
    week = (today() - timedelta(days=AROUND), today() + timedelta(days=AROUND))
    people = telling(choice).filter(found.some(reduce(or_, in_rounds(found, [week]), Q(pk__in=[]))))
    people = for_reader(people, viewer, widget, segment)
    days = {pk: local_day(value) for pk, value in people.order_by("pk").values_list("pk", attribute.path)[:_MOST]}
    first = sorted(days, key=lambda pk: (_turn(_occurrence(days[pk])), str(pk)))[:number]
    profiles = {profile.pk: profile for profile in _loaded(people.filter(pk__in=first), attribute)} if first else {}
    return [
        _told(profiles[pk], say(days[pk], _when(_occurrence(days[pk]))), _occurrence(days[pk]) == today())
        for pk in first
        if pk in profiles
    ]


def _loaded(people: QuerySet, *attributes: Date) -> Iterable[Any]:
    return with_attributes(people, [*get_declaration().summary_attributes, *attributes])


def _told(profile: Any, text: str, is_today: bool = False) -> Told:
    return Told(card(profile, get_declaration().summary_attributes), text, is_today)


def _occurrence(day: date) -> date:
    """When a day comes round nearest to today."""
    years = (today().year - 1, today().year, today().year + 1)
    return min((anniversary(day, year) for year in years), key=lambda when: abs((when - today()).days))


def _turn(when: date) -> tuple[bool, int]:
    ahead = (when - today()).days
    return (ahead < 0, abs(ahead))


def _when(day: date) -> str:
    match (day - today()).days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
    return formats.date_format(day, "MONTH_DAY_FORMAT")


def _since(day: date) -> str:
    if day == today():
        return _("began today")
    return _("since %(day)s") % {"day": formats.date_format(day, "MONTH_DAY_FORMAT")}
