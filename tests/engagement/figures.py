"""Builders for figures as the roll-up writes them, and for what reports need around them."""

from datetime import date

from wagtail_personalize.engagement.models import ALL, Content, Figures, HourCount, ReportingSegment
from wagtail_personalize.privacy.figures import Audit, Structure
from wagtail_personalize.privacy.figures.stored import keep

#: A Monday, in the week before the day on which the tests take place.
WEEK = date(2026, 5, 4)
MONTH = date(2026, 5, 1)
TODAY = "2026-05-20 12:00"


def content(kind=Content.Type.SITE, key="", label=""):
    return Content.objects.get_or_create(type=kind, key=key, defaults={"label": label})[0]


def figures(of=None, segment=None, *, start=WEEK, span="week", **numbers):
    """A row of figures: of the site, or of a page, or of another content."""
    if of is None:
        of = content()
    elif not isinstance(of, Content):
        of = content(Content.Type.PAGE, str(of.translation_key), of.title)
    key = getattr(segment, "pk", segment) or ALL
    numbers.setdefault("seers", numbers.get("viewers", 0))
    numbers.setdefault("reached", numbers["seers"])
    return Figures.objects.create(content=of, segment_id=key, start=start, span=span, **numbers)


def hour(views, at=14, segment=None, *, weekday=0, month=MONTH):
    key = getattr(segment, "pk", segment) or ALL
    return HourCount.objects.create(segment_id=key, month=month, weekday=weekday, hour=at, views=views)


def reporting(*sizes, people=400):
    """Pairs of a segment and its size: told by the last audit as groups that overlap in no way that matters."""
    ReportingSegment.objects.bulk_create(ReportingSegment(segment=segment) for segment, _size in sizes)
    groups = [segment.pk for segment, _size in sizes]
    atoms = (frozenset({ALL}), *(frozenset({ALL, group}) for group in groups))
    keep(Audit(Structure(((ALL, people), *((segment.pk, size) for segment, size in sizes)), atoms)))
