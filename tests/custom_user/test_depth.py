"""Segments as code, segments from data and journeys, with accounts whose keys are UUIDs and that have no user name."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.custom_user.models import Interest, Team, Topic
from tests.custom_user.people import MemberProfile
from wagtail_personalize.hookspecs import stage_changed
from wagtail_personalize.people.attributes import Date
from wagtail_personalize.segments.code.form import document
from wagtail_personalize.segments.code.loading import load
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.models import Journey, PersonStage, Segment, SegmentSeries, Stage
from wagtail_personalize.segments.refresh import refresh

from .builders import member

pytestmark = pytest.mark.django_db


class DatedProfile(MemberProfile):
    attributes = [*MemberProfile.attributes, Date("joined", "Joined", path="account__last_login")]


class TestSeries:
    def test_makes_a_segment_for_each_object_over_a_through_model(self):
        topic = Topic.objects.create(title="Welding")
        SegmentSeries.objects.create(attribute="topics")
        kim = member()
        Interest.objects.create(member=kim.member, topic=topic)
        assert list(Segment.objects.get().people()) == [kim]

    def test_takes_what_is_below_a_node_with_a_uuid(self):
        top = Team.objects.create(name="Top")
        below = Team.objects.create(name="Below", above=top)
        kim = member(team=below)
        SegmentSeries.objects.create(attribute="team", with_below=True)
        assert list(Segment.objects.get(name="Team: Top").people()) == [kim]


class TestCode:
    def test_names_people_by_staff_number(self):
        kim = member()
        segment = Segment.objects.create(
            name="S", slug="s", rule={"all": [{"attribute": "team", "operator": "is_set"}]}
        )
        segment.always_include([kim])
        told = document(Segment.objects.all(), people=True)
        assert told["segments"][0]["always_include"] == [kim.member.number]
        assert len(load(told["segments"]).unchanged) == 1


class TestJourney:
    def test_places_and_tells_people_with_uuids(self, settings):
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": f"{__name__}.DatedProfile"}
        teams = [Team.objects.create(name=name) for name in "AB"]
        kim, lee = member(team=teams[0]), member(team=teams[0])
        for one in (kim, lee):
            one.last_login = datetime.combine(
                today() - timedelta(days=2), datetime.min.time(), ZoneInfo("Europe/Berlin")
            )
            one.save()
        journey = Journey(name="Way", slug="way", hire_date="joined")
        journey.stages = [
            Stage(name="Old", slug="old", from_day=0),
            Stage(name="Moved", slug="moved", event="moved", attributes=["team"], days=5),
        ]
        journey.save()
        assert PersonStage.objects.filter(stage__slug="old").count() == 2
        heard = []
        stage_changed.connect(lambda person_ids, **kwargs: heard.append(person_ids), weak=False, dispatch_uid="depth")
        try:
            kim.member.team = teams[1]
            kim.member.save()
            refresh()
        finally:
            stage_changed.disconnect(dispatch_uid="depth")
        assert heard == [[kim.pk]]
