"""Half a year of reading in the sample intranet: every report has something to show."""

from collections import Counter

import pytest
from wagtail.models import Page

from wagtail_personalize.engagement.models import Content, DirtyDay, Event, Figures, HourCount, ReportingSegment
from wagtail_personalize.segments.days import today

pytestmark = pytest.mark.django_db


class TestReading:
    def test_goes_back_half_a_year_month_by_month(self):
        months = set(Figures.objects.filter(span="month", content__type="site").values_list("start", flat=True))
        assert len(months) >= 6
        assert today().replace(day=1) in months or today().day == 1

    def test_was_counted_for_every_page_and_every_reporting_segment(self):
        pages = {str(key) for key in Page.objects.live().filter(depth__gt=1).values_list("translation_key", flat=True)}
        counted = set(Figures.objects.filter(content__type="page").values_list("content__key", flat=True))
        assert len(counted & pages) > 0.9 * len(pages)
        groups = set(Figures.objects.values_list("segment_id", flat=True))
        assert groups == {0, *ReportingSegment.objects.values_list("segment_id", flat=True)}

    def test_differs_from_page_to_page(self):
        month = Figures.objects.filter(span="month", segment_id=0, content__type="page").latest("start").start
        rows = Figures.objects.filter(span="month", start=month, segment_id=0, content__type="page", audience__gt=50)
        shares = sorted(row.reached / row.audience for row in rows)
        assert shares[0] < 0.25
        assert shares[-1] > 0.6
        assert all(row.reached <= row.audience for row in rows)

    def test_of_the_shop_floor_is_busiest_at_two(self):
        hours = Counter()
        segment = ReportingSegment.objects.get(segment__slug="shop-floor").segment_id
        for hour, views in HourCount.objects.filter(segment_id=segment).values_list("hour", "views"):
            hours[hour] += views
        assert hours.most_common(1)[0][0] == 14

    def test_knows_searches_without_a_result(self):
        searches = Figures.objects.filter(span="month", segment_id=0, searches_without_result__gt=0)
        assert "parking permit" in set(searches.values_list("content__label", flat=True))

    def test_is_told_in_the_reports_at_once(self, admin_client):
        text = admin_client.get("/admin/reports/engagement/most-read/").content.decode()
        assert "No page was read by enough people." not in text
        assert "Shop floor" in text
        assert "not checked yet" not in text

    def test_is_there_raw_for_what_is_made_from_raw_events(self):
        assert Event.objects.filter(content__type=Content.Type.PAGE).count() > 500
        assert DirtyDay.objects.exists()
