"""People, pages and events, so that a test of counting says what it means."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from wagtail_personalize.engagement.counting.balances import balance_of
from wagtail_personalize.engagement.counting.happened import Counted, Happened
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Event, ReportingSegment, SegmentEvent
from wagtail_personalize.segments.days import today


def reported(*segments):
    """Count by these segments."""
    for segment in segments:
        ReportingSegment.objects.create(segment=segment)


def happened(person, page, kind=Kind.VIEW, **fields):
    """Something that somebody did with a page, now unless ``at`` says otherwise."""
    if isinstance(fields.get("at"), str):
        fields["at"] = timezone.make_aware(datetime.fromisoformat(fields["at"]))
    fields.setdefault("token", uuid4().hex)
    return Happened(person.pk, Counted.page(page.translation_key), kind, **fields)


def events(content_type="page", **filters):
    return list(Event.objects.filter(content__type=content_type, **filters).order_by("kind", "value"))


def segment_events(content_type="page", **filters):
    return list(SegmentEvent.objects.filter(content__type=content_type, **filters).order_by("kind", "value"))


def balance(days_ago=0):
    """Received, stored, duplicate, rejected, dropped."""
    return tuple(balance_of(today() - timedelta(days=days_ago)).values())
