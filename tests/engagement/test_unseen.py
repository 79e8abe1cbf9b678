"""What somebody has not seen: told to that person alone, and to editors as a number."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.builders import page, person, segment
from wagtail_personalize.engagement.counting.storing import store
from wagtail_personalize.engagement.happenings import refusing
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Objection
from wagtail_personalize.engagement.unseen.pages import NotBeingBuilt, not_seen
from wagtail_personalize.engagement.unseen.sizes import number_not_reached
from wagtail_personalize.privacy.figures import Reason, Shown, Withheld
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.clauses import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .counting import happened

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    return [published(title) for title in ("Seen", "Skimmed", "Missed")]


@pytest.fixture
def reader(ada, pages):
    """Ada, who opened one page and saw the teaser of another one."""
    store([happened(ada, pages[0]), happened(ada, pages[1], Kind.IMPRESSION)])
    return ada


def published(title, days_ago=3, **fields):
    return page(title, first_published_at=timezone.now() - timedelta(days=days_ago), **fields)


def missed(someone, pages):
    with viewing_as(Viewer.for_person(someone)) as viewer:
        return [page.title for page in not_seen(viewer, pages)]


class TestNotSeen:
    def test_is_what_did_not_meet_ones_eyes(self, reader, pages):
        assert missed(reader, pages) == ["Missed"]

    def test_leaves_out_what_is_older_than_raw_events_are(self, reader, pages):
        assert missed(reader, [published("Old", days_ago=31), *pages]) == ["Missed"]

    def test_knows_what_was_seen_in_the_month_before(self, ada, pages):
        store([happened(ada, pages[0], at=timezone.now() - timedelta(days=29))])
        assert missed(ada, pages) == ["Skimmed", "Missed"]

    @pytest.mark.parametrize("is_restricted", [True, False])
    def test_leaves_out_what_is_meant_for_others(self, reader, pages, is_restricted):
        others = Clause.of([segment("Others")])
        audience = (others, None) if is_restricted else (None, others)
        set_page_audience(pages[2], None, *audience)
        assert missed(reader, pages) == []

    def test_is_nothing_for_who_objected_refuses_or_was_never_counted(self, reader, pages):
        assert missed(person("new"), pages) == []
        token = refusing._refuses.set(True)
        assert missed(reader, pages) == []
        refusing._refuses.reset(token)
        Objection.objects.create(person=reader)
        assert missed(reader, pages) == []

    def test_is_for_nobody_but_the_person_for_whom_something_is_built(self, reader, pages):
        asked = Viewer.for_person(reader)
        with pytest.raises(NotBeingBuilt):
            not_seen(asked, pages)
        with viewing_as(Viewer.for_person(person("boss"))), pytest.raises(NotBeingBuilt):
            not_seen(asked, pages)

    def test_writes_nothing_and_takes_the_same_queries_for_many_pages(self, reader, pages):
        numbers = []
        for some in (pages, [*pages, *(published(f"{n}") for n in range(9))]):
            with CaptureQueriesContext(connection) as queries:
                missed(reader, some)
            assert not [query for query in queries if re.search("INSERT|UPDATE|DELETE", query["sql"])]
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]

    def test_is_a_tag(self, reader, pages):
        request = RequestFactory().get("/")
        request.user = reader
        with viewing_as(Viewer.for_person(reader)) as request.viewer:
            text = "{% load personalize_tags %}{% not_seen pages as missed %}{{ missed.0.title }}"
            assert engines["django"].from_string(text).render({"pages": pages}, request) == "Missed"


class TestNumberNotReached:
    def objecting(self, number, group=None):
        for n in range(number):
            someone = person(f"objecting {n}")
            Objection.objects.create(person=someone)
            if group:
                Membership.objects.create(segment=group, person=someone, since=timezone.now())

    def test_leaves_out_who_objected(self, news):
        self.objecting(6)
        assert number_not_reached(news, Shown(100), Shown(60)) == Shown(34)

    def test_of_a_segment_leaves_out_who_objected_in_it(self, news):
        floor = segment("Shop floor")
        self.objecting(5, floor)
        person("elsewhere")
        assert number_not_reached(news, Shown(100), Shown(60), floor.pk) == Shown(35)

    def test_is_not_told_where_it_tells_how_few_objected(self, news):
        self.objecting(2)
        assert number_not_reached(news, Shown(100), Shown(60)) == Withheld(Reason.COMPLEMENT)

    def test_is_not_told_of_too_few(self, news):
        assert number_not_reached(news, Shown(100), Shown(97)) == Withheld(Reason.TOO_FEW)
        assert number_not_reached(news, Withheld(Reason.OPEN), Shown(97)) == Withheld(Reason.OPEN)
