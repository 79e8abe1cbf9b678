"""Recommended content: ranked among what somebody follows, and as a widget of its own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.builders import person, segment
from tests.streams.subscribing import choose
from tests.streams.test_following_pages import rendered, text
from tests.streams.test_hashtag_page import signed_in
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import LastLook
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.timeline.recommending import recommended
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .timeline import published

pytestmark = pytest.mark.django_db

MINE = "/people/me/news/"
WIDGET = "{% load personalize_tags %}{% recommended_pages 5 %}"


@pytest.fixture
def me():
    return person(department="Finance", job_title="Clerk")


@pytest.fixture
def finance():
    return segment("Finance")


def meant(title, for_segment, *, days=0, access=None, **fields):
    """A page that was published so many days ago and is recommended to a segment."""
    page = published(title, first_published_at=timezone.now() - timedelta(days=days), **fields)
    set_page_audience(page, None, access and Clause.of([access]), Clause.of([for_segment]))
    return page


def titles(someone, number=5, **options):
    return [one.page.title for one in recommended(Viewer.for_person(someone), number, **options)]


def follow_a_topic(me, number):
    topic = published("Topic", first_published_at=timezone.now() - timedelta(days=29))
    choose(me, topic)
    for one in range(number - 1):
        published(f"Followed {one}", parent=topic, first_published_at=timezone.now() - timedelta(days=10 + one))
    return topic


class TestRecommended:
    def test_is_what_is_meant_for_the_reader_of_the_last_30_days(self, me, finance):
        meant("Fresh", finance, days=1)
        meant("Older", finance, days=29)
        meant("Too old", finance, days=31)
        meant("For others", segment("IT"))
        published("For all")
        assert titles(me) == ["Fresh", "Older"]
        assert titles(person(department="HR")) == []
        assert recommended(Viewer.anonymous(), 5) == []

    def test_never_is_what_the_reader_may_not_open(self, me, finance):
        meant("Closed", finance, access=segment("IT"))
        assert titles(me) == []

    def test_puts_what_is_meant_for_few_before_what_is_meant_for_many(self, me, finance):
        rule = {
            "all": [
                {"attribute": "department", "operator": "is", "value": "Finance"},
                {"attribute": "job_title", "operator": "is", "value": "Clerk"},
            ]
        }
        clerks = segment("Clerks", rule)
        meant("For the department", finance, days=3)
        meant("For clerks", clerks, days=5)
        meant("Older for clerks", clerks, days=7)
        assert titles(me) == ["For clerks", "For the department", "Older for clerks"]


class TestTimeline:
    def test_mixes_in_one_of_five_the_best_first_and_says_why(self, me, finance):
        follow_a_topic(me, 8)
        for days in (1, 2, 3):
            meant(f"Recommended {days}", finance, days=days)
        response = signed_in(me).get(MINE)
        shown = [entry.item.page.title for entry in response.context["entries"]]
        assert [shown.index(title) for title in ("Recommended 1", "Recommended 2")] == [4, 9]
        assert "Recommended 3" not in shown
        assert "Recommended to: Finance" in response.content.decode()

    def test_leaves_out_what_is_followed_left_or_muted(self, me, finance):
        topic, other = follow_a_topic(me, 8), published("Other")
        choose(me, other, Level.MUTED)
        meant("In the topic", finance, parent=topic)
        meant("In what is muted", finance, parent=other)
        shown = [entry.item.page.title for entry in signed_in(me).get(MINE).context["entries"]]
        assert shown.count("In the topic") == 1
        assert "In what is muted" not in shown

    def test_repeats_nothing_when_it_goes_on(self, me, finance):
        follow_a_topic(me, 18)
        for hours in range(6):
            meant(f"Recommended {hours}", finance, days=9 + 2 * hours)
        client, found, address = signed_in(me), [], MINE
        for _part in range(2):
            context = client.get(address).context
            found += [entry.item.page.title for entry in context["entries"]]
            address = context["more_url"]
            if not address:
                break
        assert len(found) == len(set(found))

    def test_costs_as_many_queries_with_many_recommendations(self, me, finance):
        follow_a_topic(me, 8)
        client = signed_in(me)

        def queries():
            with CaptureQueriesContext(connection) as context:
                assert "Recommended to" in text(client, MINE)
            return len(context)

        meant("First", finance)
        queries()
        few = queries()
        for number in range(6):
            meant(f"Further {number}", segment(f"Finance {number}", finance.rule))
        queries()  # the process learns the audiences
        assert queries() == few


class TestWidget:
    def test_shows_what_is_unseen_until_the_reader_puts_it_away(self, me, finance):
        meant("Fresh", finance, days=1)
        assert "Fresh" in rendered(WIDGET, me)
        assert "Fresh" in rendered(WIDGET, me)
        assert rendered(WIDGET, None).strip() == rendered(WIDGET, person()).strip() == ""
        client = signed_in(me)
        form = {"list": "recommended", "key": recommended(Viewer.for_person(me), 1)[0].item.key}
        assert client.post("/people/me/news/looked/", form).status_code == 302
        assert "Fresh" not in rendered(WIDGET, me)
        assert LastLook.objects.get().name == "recommended"
        assert "Recommended to you" in text(client, "/people/me/recorded/")
