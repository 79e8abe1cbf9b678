"""By which channel pages were opened, counted by the database alone: of all people, in weeks and months."""

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, Count, DateField, Value
from django.db.models.functions import Coalesce

from wagtail_personalize.setsql import delete_rows, insert_select

from ..kinds import Kind
from ..models import ChannelFigures, Content, Event
from .spans import DAY, Span

_COLUMNS = ("content", "channel", "span", "start", "viewers", "views")


def replace_channels(spans: Collection[Span]) -> None:
    """Make the figures of these spans anew, part of the caller's transaction; days have none."""
    for span in sorted(span for span in spans if span.kind != DAY):
        delete_rows(ChannelFigures.objects.filter(span=span.kind, start=span.start))
        insert_select(ChannelFigures, _COLUMNS, _counted(span))


def _counted(span: Span) -> Any:
    viewed = Event.objects.filter(
        kind=Kind.VIEW, content__type=Content.Type.PAGE, day__range=(span.start, span.last)
    ).order_by()
    person = Coalesce("bridge", "pseudonym") if span.is_shared else "pseudonym"
    grouped = viewed.values("content_id", "channel").annotate(
        of_span=Value(span.kind, CharField()),
        of_start=Value(span.start, DateField()),
        viewers=Count(person, distinct=True),
        views=Count("*"),
    )
    return grouped.values_list("content_id", "channel", "of_span", "of_start", "viewers", "views")
