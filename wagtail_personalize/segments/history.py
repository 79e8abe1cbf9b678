"""Who was in a segment on any day, and how large it was.

Nothing of it is stored: it follows from the memberships that hold (``Membership``) and those that ended
(``PastMembership``). A day means its end in the site's time zone, so whoever joined and left on the same day was never
in. What ended longer than ``HISTORY_MONTHS`` ago is deleted; days before that are not known.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_personalize.conf import get_settings
from wagtail_personalize.setsql import delete_rows

from .days import today
from .models import Membership, PastMembership, Segment
from .rules.calendar import months_ago


class NotKnown(ValueError):
    """Who was in the segment on that day cannot be told; the message says why."""


def kept_since() -> date:
    """The first day for which the history is complete."""
    return months_ago(today(), max(get_settings().HISTORY_MONTHS, 1))


def end_of(day: date) -> datetime:
    """The moment at which ``day`` is over in the site's time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, timezone.get_default_timezone())


def require_known(day: date) -> None:
    """Raise ``NotKnown`` for a day that has not come yet, or whose history has been deleted."""
    if day > today():
        raise NotKnown(_("That day has not come yet."))
    if day < (first := kept_since()):
        raise NotKnown(
            _("Who was in a segment is kept since %(day)s; before that day it is not known.")
            % {"day": date_format(first, "DATE_FORMAT")}
        )


def memberships_on(segment: Segment, day: date) -> tuple[QuerySet[Membership], QuerySet[PastMembership]]:
    """The memberships that held at the end of ``day``: those that still do, and those that ended since."""
    require_known(day)
    return _holding(segment, end_of(day))


def members_on(segment: Segment, day: date) -> QuerySet:
    """The users who were in ``segment`` at the end of ``day``; raises ``NotKnown``."""
    current, past = memberships_on(segment, day)
    return get_user_model()._default_manager.filter(
        Q(pk__in=current.values("person")) | Q(pk__in=past.values("person"))
    )


def sizes(segment: Segment, first: date, last: date) -> list[tuple[date, int]]:
    """The size of ``segment`` at the end of each day from ``first`` to ``last``; raises ``NotKnown``.

    Five queries, however many days and people: the size on the first day, and the changes after it by their moment,
    which many share; so no database has to know time zones.
    """
    require_known(first)
    require_known(last)
    start = end_of(first)
    current, past = _holding(segment, start)
    later = {"segment": segment.pk}
    changes = _by_moment(Membership.objects.filter(**later, since__gte=start), "since")
    changes.update(_by_moment(PastMembership.objects.filter(**later, since__gte=start), "since"))
    changes.subtract(_by_moment(PastMembership.objects.filter(**later, until__gte=start), "until"))
    return _added_up(first, last, current.count() + past.count(), changes)


def first_known_day(segment: Segment) -> date:
    """The first day on which anybody is known to have been in ``segment``, today if nobody ever was."""
    known = [
        rows.order_by("since").values_list("since", flat=True).first()
        for rows in (Membership.objects.filter(segment=segment), PastMembership.objects.filter(segment=segment))
    ]
    days = [timezone.localdate(moment, timezone.get_default_timezone()) for moment in known if moment]
    return max(kept_since(), min([*days, today()]))


def purge_past_memberships() -> int:
    """Delete what ended before the history that is kept; returns how many rows there were."""
    return delete_rows(PastMembership.objects.filter(until__lt=end_of(kept_since() - timedelta(days=1))))


def _holding(segment: Segment, moment: datetime) -> tuple[QuerySet[Membership], QuerySet[PastMembership]]:
    mine = {"segment": segment.pk, "since__lt": moment}
    return Membership.objects.filter(**mine), PastMembership.objects.filter(**mine, until__gte=moment)


def _by_moment(rows: QuerySet, name: str) -> Counter[datetime]:
    """How many of ``rows`` have each moment."""
    return Counter(dict(rows.order_by().values_list(name).annotate(Count("pk"))))


def _added_up(first: date, last: date, size: int, changes: Counter[datetime]) -> list[tuple[date, int]]:
    zone = timezone.get_default_timezone()
    by_day: Counter[date] = Counter()
    for moment, number in changes.items():
        by_day[moment.astimezone(zone).date()] += number
    found = [(first, size)]
    for ordinal in range(first.toordinal() + 1, last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        size += by_day[day]
        found.append((day, size))
    return found
