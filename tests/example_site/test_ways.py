"""The sample site shows journeys, segments from data and a condition of its own."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from example_site.demo.ways import load_ways
from example_site.home.models import NewsPage
from wagtail_personalize.people.employees.models import EmployeeProfile
from wagtail_personalize.segments.models import PersonStage, Segment, SegmentSeries

pytestmark = pytest.mark.django_db


class TestWays:
    def test_everybody_with_a_hire_date_is_in_a_stage(self):
        assert PersonStage.objects.count() > 200
        assert PersonStage.objects.values("stage").distinct().count() >= 3

    def test_each_location_has_a_segment(self):
        assert Segment.objects.get(name="People in Utrecht").size() > 10

    def test_loading_again_changes_nothing(self):
        load_ways()
        assert SegmentSeries.objects.count() == 1

    def test_the_own_condition_finds_who_writes(self):
        page = NewsPage.objects.live().first()
        page.owner = get_user_model().objects.get(username="imogen.clarke")
        page.save()
        rule = {"all": [{"operator": "writes_news"}]}
        writers = Segment.objects.create(name="Writers of news", slug="writers-of-news", rule=rule)
        assert page.owner in writers.people()

    def test_who_passes_to_another_stage_finds_it_in_the_bell(self, visit, django_capture_on_commit_callbacks):
        lena = EmployeeProfile.objects.get(user__username="lena.hofbauer")
        with django_capture_on_commit_callbacks(execute=True):
            lena.hire_date = timezone.localdate()
            lena.save()
        told = visit("joiner", reverse("wagtail_personalize:notifications")).content.decode()
        assert "You have come to: Day 1" in told
        assert "You have come to" not in visit("head", reverse("wagtail_personalize:notifications")).content.decode()

    def test_its_segments_can_be_dumped_and_loaded(self, tmp_path):
        path = tmp_path / "segments.json"
        call_command("dump_segments", path, people=True, stdout=StringIO())
        out = StringIO()
        call_command("load_segments", path, stdout=out)
        assert out.getvalue().startswith("0 new, 0 changed")
