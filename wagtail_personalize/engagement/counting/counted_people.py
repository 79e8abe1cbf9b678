"""Who is counted, and for which groups: asked for all people of a batch at once."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from wagtail_personalize.people.active import active
from wagtail_personalize.segments.models import Membership

from ..models import Objection, ReportingSegment


def counted_people(people: Collection[Any]) -> set[str]:
    """Those who are there, are not locked out and did not object; keys as text."""
    users = active(get_user_model()._base_manager.filter(pk__in=people))
    objected = Objection.objects.filter(person=OuterRef("pk"))
    return {str(pk) for pk in users.filter(~Exists(objected)).values_list("pk", flat=True)}


def active_objectors() -> list[Any]:
    """Those who are there and do not want to be counted."""
    users = active(get_user_model()._base_manager.filter(pk__in=Objection.objects.values("person")))
    return list(users.values_list("pk", flat=True))


def reporting_segments() -> dict[int, UUID]:
    """The segments by which reading is counted: their UUIDs by their keys."""
    rows = ReportingSegment.objects.order_by().filter(segment__live=True, segment__broken="")
    return dict(rows.values_list("segment_id", "segment__uuid"))


def segments_of(people: Collection[Any], among: Collection[int]) -> dict[str, frozenset[int]]:
    """In which of the segments ``among`` each of these people is, by the person's key as text."""
    found: dict[str, set[int]] = defaultdict(set)
    if among:
        rows = Membership.objects.filter(person__in=people, segment__in=among).order_by()
        for person, segment in rows.values_list("person_id", "segment_id"):
            found[str(person)].add(segment)
    return {person: frozenset(segments) for person, segments in found.items()}
