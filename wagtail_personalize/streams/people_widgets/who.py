"""Whom a widget may show: who appears at all, narrowed by what the editor and the reader chose.

A segment says more about people than the directory does, so a widget takes only one that is made of what colleagues
may see anyway; who was put on its list by name does not count. A segment that is gone, broken or made of anything else
shows nobody.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from wagtail_personalize.people.attributes import REPORTING_LINE
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.models import ManualMember, Segment
from wagtail_personalize.segments.viewer import Viewer

from .remembering import narrowed


def is_open(segment: Segment) -> bool:
    """Whether everybody could tell who is in this segment by looking at profiles."""
    declaration = get_declaration()
    if declaration is None or segment.broken or not segment.live or not segment.mentions:
        return False
    seen = {attribute.name for attribute in declaration.visible_attributes} | {REPORTING_LINE}
    return seen.issuperset(segment.mentions)


def segment_choices() -> list[tuple[str, str]]:
    """The segments that a widget may be narrowed to, by their UUID."""
    segments = Segment.objects.filter(live=True, broken="").order_by("name")
    return [(str(segment.uuid), segment.name) for segment in segments if is_open(segment)]


def of_segment(people: QuerySet, uuid: str) -> QuerySet:
    """Those of these profiles who are in a segment, given as a block stores it; all without one."""
    if not uuid:
        return people
    segment = Segment.objects.filter(uuid=uuid).first() if _is_uuid(uuid) else None
    if segment is None or not is_open(segment):
        return people.none()
    named = ManualMember.objects.filter(segment=segment, always=ManualMember.Always.INCLUDE).values("person")
    user = get_declaration().user
    return people.filter(**{f"{user}__in": segment.people()}).exclude(**{f"{user}__in": named})


def for_reader(people: QuerySet, viewer: Viewer, widget: str, uuid: str) -> QuerySet:
    """What is left for one reader of one widget."""
    return narrowed(of_segment(people, uuid), viewer, widget)


def _is_uuid(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
