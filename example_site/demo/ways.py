"""What follows people and data by itself: the journey of an employee, and a segment for each location."""

from wagtail_personalize.segments.journeys.models import Journey
from wagtail_personalize.segments.journeys.ready import make_journey
from wagtail_personalize.segments.models import SegmentCategory
from wagtail_personalize.segments.series.models import SegmentSeries


def load_ways() -> Journey:
    """The journey and the series; both only where they are missing."""
    category, _new = SegmentCategory.objects.get_or_create(name="Locations", defaults={"order": 20})
    if not SegmentSeries.objects.filter(attribute="location").exists():
        SegmentSeries.objects.create(attribute="location", category=category, name_pattern="People in %(value)s")
    return make_journey("Employee journey", "hire_date", moved=["location"], promoted=["level", "job_title"])
