"""Gives the segments a past, so that their charts and lists show something.

It is invented, as the people are: in truth everybody came in the minute in which the demonstration was loaded. Here the
members of each segment have been in it since their hire date, new joiners stopped being new ninety days after it, and
the few who left did so one by one during the last year. Nobody ever moved.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import DateTimeField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from wagtail_personalize.people.employees.models import EmployeeProfile
from wagtail_personalize.segments.history import end_of, kept_since
from wagtail_personalize.segments.models import Cause, Membership, PastMembership, Segment

NEW_FOR = timedelta(days=90)


def load_history(segments: dict[str, Segment], today: date) -> None:
    """Set the memberships back to hire dates, in one statement, and add those that ended."""
    hired = EmployeeProfile.objects.filter(user=OuterRef("person"), hire_date__lte=today)
    moment = hired.annotate(moment=Cast("hire_date", DateTimeField())).values("moment")[:1]
    dated = Segment.objects.filter(depends_on_date=True).exclude(slug="new-joiners")
    members = Membership.objects.exclude(segment__in=dated).filter(person__employeeprofile__hire_date__lte=today)
    Membership.objects.filter(pk__in=list(members.values_list("pk", flat=True))).update(
        since=Subquery(moment), cause=Cause.IMPORT
    )
    past = [*_no_longer_new(segments["new-joiners"], today), *_who_left(segments["employees"], today)]
    PastMembership.objects.bulk_create(past)


def _no_longer_new(segment: Segment, today: date) -> Iterator[PastMembership]:
    """Those who were new at some time during the months that are kept."""
    for profile in _hired(kept_since() - NEW_FOR, today - NEW_FOR - timedelta(days=1)):
        last = profile.hire_date + NEW_FOR
        yield _past(segment, profile, last, Cause.DAY)


def _who_left(segment: Segment, today: date) -> Iterator[PastMembership]:
    for number, profile in enumerate(EmployeeProfile.objects.filter(user__is_active=False).order_by("pk")):
        yield _past(segment, profile, today - timedelta(days=40 + 75 * number), Cause.IMPORT)


def _hired(first: date, last: date) -> QuerySet:
    return EmployeeProfile.objects.filter(user__is_active=True, hire_date__range=(first, last))


def _past(segment: Segment, profile: Model, last_day: date, why: str) -> PastMembership:
    since, until = end_of(profile.hire_date - timedelta(days=1)), end_of(last_day)
    spell = {"since": min(since, until), "until": until, "cause": Cause.IMPORT, "end_cause": why}
    return PastMembership(segment=segment, person_id=profile.user_id, **spell)
