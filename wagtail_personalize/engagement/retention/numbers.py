"""Figures and hours after 25 months, looks at reports and remarks after twelve, and words that stayed rare."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.history import end_of
from wagtail_personalize.segments.rules.calendar import months_ago
from wagtail_personalize.setsql import delete_rows

from ..models import ALL, ChannelFigures, Content, Event, Figures, HelpfulText, HourCount, ReportLook

FIGURES_MONTHS = 25
LOOKS_MONTHS = 12
REMARKS_MONTHS = 12


def purge_figures() -> int:
    """Figures of spans that began too long ago, and the hours of such months; returns how many rows there were."""
    first = months_ago(today(), FIGURES_MONTHS)
    old = (Figures.objects.filter(start__lt=first), ChannelFigures.objects.filter(start__lt=first))
    return sum(map(delete_rows, (*old, HourCount.objects.filter(month__lt=first))))


def purge_looks() -> int:
    """Who looked at which report; returns how many rows there were."""
    oldest = end_of(months_ago(timezone.localdate(), LOOKS_MONTHS))
    return delete_rows(ReportLook.objects.filter(at__lt=oldest))


def purge_remarks() -> int:
    """What people wrote beside “Was this helpful?”; returns how many rows there were."""
    return delete_rows(HelpfulText.objects.filter(day__lt=months_ago(today().replace(day=1), REMARKS_MONTHS)))


def forget_rare_words() -> int:
    """Words that so few people searched for that no report may show them, as soon as their raw events are gone."""
    often = Figures.objects.filter(
        content=OuterRef("pk"), span=Figures.Span.MONTH, segment_id=ALL, searchers__gte=get_settings().FLOOR
    )
    raw = Event.objects.filter(content=OuterRef("pk"))
    searches = Content.objects.filter(type=Content.Type.SEARCH).exclude(label="")
    return searches.filter(~Exists(often), ~Exists(raw)).update(label="")
