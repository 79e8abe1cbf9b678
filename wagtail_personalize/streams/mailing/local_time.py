"""When it is day for somebody: their time zone, the work days, and the hours in which nothing leaves for them.

A time zone is the attribute that the declaration names, else the one in Wagtail's user profile, else the site's.
"""

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth import get_user_model
from django.db.models import CharField, Expression, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone
from wagtail.users.models import UserProfile

from wagtail_personalize.conf import get_settings
from wagtail_personalize.people.declaration import get_declaration

Hours = tuple[time, time]


def with_zone(people: QuerySet) -> QuerySet:
    """Users with the name of their time zone as ``mail_zone``; empty: the site's."""
    named = [_given(found) for found in (_declared(), _chosen()) if found is not None]
    return people.annotate(mail_zone=Coalesce(*named, Value(""), output_field=CharField()))


def _given(name: Expression) -> Expression:
    return NullIf(name, Value(""), output_field=CharField())


def _declared() -> Expression | None:
    declaration = get_declaration()
    if declaration is None or not declaration.time_zone:
        return None
    profiles = declaration.profiles().filter(**{declaration.user: OuterRef("pk")}).order_by()
    name = Cast(F(declaration.time_zone), CharField(max_length=64))
    return Subquery(profiles.values(_zone=name)[:1], output_field=CharField())


def _chosen() -> Expression:
    rows = UserProfile.objects.filter(user=OuterRef("pk")).order_by()
    return Subquery(rows.values("current_time_zone")[:1], output_field=CharField())


def zone_names(people: QuerySet | None = None) -> list[str]:
    """The names of the time zones of these users, by default of all."""
    people = get_user_model()._default_manager.all() if people is None else people
    return list(with_zone(people).order_by().values_list("mail_zone", flat=True).distinct())


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone(name: str) -> Any:
    """The time zone called so; the site's for a name that is none."""
    return _zone(name) or timezone.get_default_timezone()


def is_work_day(day: datetime) -> bool:
    return day.weekday() in get_settings().WORK_DAYS


def usual_quiet_hours() -> Hours | None:
    """Those of everybody who chose none."""
    hours = get_settings().QUIET_HOURS
    return (time(hours[0]), time(hours[1])) if hours else None


def first_chance(moment: datetime, name: str, quiet: Hours | None) -> datetime:
    """The first moment from then on, on a work day of that time zone, that is outside of the quiet hours."""
    here = zone(name)
    local = moment.astimezone(here).replace(tzinfo=None)
    while (later := _later(local, quiet)) != local:
        local = later
    return max(moment, local.replace(tzinfo=here)).astimezone(moment.tzinfo)


def _later(local: datetime, quiet: Hours | None) -> datetime:
    """The same moment if it will do, else one that is nearer to it."""
    if get_settings().WORK_DAYS and not is_work_day(local):
        return datetime.combine(local.date() + timedelta(days=1), time())
    if quiet is None or not _within(local.time(), *quiet):
        return local
    begins, ends = quiet
    tomorrow = begins > ends and local.time() >= begins
    return datetime.combine(local.date() + timedelta(days=tomorrow), ends)


def _within(now: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends
