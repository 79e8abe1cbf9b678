"""A new day where people have a UUID as their key and the dates stand on the user and on the far side of a relation."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from wagtail_personalize.people.attributes import Date
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.new_day import ensure_today
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.viewer import Viewer

from . import builders
from .models import Interest, Topic
from .people import MemberProfile

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


class DatedProfile(MemberProfile):
    attributes = [
        *MemberProfile.attributes,
        Date("seen", "Last seen", path="account__last_login", purpose="Test."),
        Date("interested", "Interested since", path="interest__since", purpose="Test."),
    ]


@pytest.fixture
def clock(settings):
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "PROFILE": f"{__name__}.DatedProfile"}
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize("attribute", ["seen", "interested"])
def test_a_viewer_and_the_members_are_right_on_the_day_after(attribute, clock, django_assert_num_queries):
    ada, bob = builders.member("Ada"), builders.member("Bob")
    for someone, when in ((ada, NOON - A_DAY), (bob, NOON)):
        someone.last_login = when
        someone.save()
        topic = Topic.objects.get_or_create(title="Chess")[0]
        Interest.objects.create(member=someone.member, topic=topic, since=when.date())
    condition = {"attribute": attribute, "operator": "in_the_last", "value": 1, "unit": "days"}
    new = Segment.objects.create(name="New", slug="new", rule={"all": [condition]})
    refresh()
    assert set(new.people()) == {ada, bob}

    clock.move_to(NOON + A_DAY)
    assert Viewer.for_person(ada).segment_ids == frozenset()
    segment_index()
    with django_assert_num_queries(1):
        assert Viewer.for_person(bob).segment_ids == {new.pk}
    assert ensure_today()
    assert list(new.people()) == [bob]
