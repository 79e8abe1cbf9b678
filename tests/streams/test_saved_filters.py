"""Filters of the timeline by role or task: people's own, and ready ones for a segment."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import person, segment, user
from tests.permissions import allowed
from tests.streams.subscribing import choose
from tests.streams.test_following_pages import text
from tests.streams.test_hashtag_page import signed_in
from wagtail_personalize.segments.usage import SegmentInUse
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import Hashtag, SavedFilter, Source
from wagtail_personalize.streams.saved_filters.reading import filters_for
from wagtail_personalize.streams.saved_filters.saving import MOST
from wagtail_personalize.streams.sources.ending import remove
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .test_formats import FILM
from .timeline import published

pytestmark = pytest.mark.django_db

MINE, NEW = "/people/me/news/", "/people/me/news/filters/"
ADMIN = "personalize_ready_filters:"


@pytest.fixture
def me():
    return person(department="Finance")


@pytest.fixture
def halls(me):
    """Two topics that I follow, each with a page."""
    found = [published(title, day=day) for day, title in enumerate(("Hall", "Office"))]
    for topic in found:
        published(f"In the {topic.title}", parent=topic, day=5)
        choose(me, topic)
    return found


def ready(name="For managers", segment=None, *, sources=(), **fields):
    saved = SavedFilter.objects.create(name=name, segment=segment, by_sources=bool(sources), **fields)
    saved.sources.set([source_for(name_of(source)) for source in sources])
    return saved


def names(someone):
    return [one.name for one in filters_for(Viewer.for_person(someone))]


def source_id(obj):
    return source_for(name_of(obj)).pk


class TestOwn:
    def test_is_saved_used_changed_and_deleted_without_javascript(self, me, halls):
        client = signed_in(me)
        assert "Hall" in text(client, NEW)
        answer = client.post(NEW, {"name": "My machine hall", "sources": [source_id(halls[0])]})
        page = text(client, answer["Location"])
        assert "My machine hall" in page
        assert (">In the Hall<" in page, ">In the Office<" in page) == (True, False)
        assert ">In the Office<" in text(client, MINE)
        own = reverse("wagtail_personalize:saved_filter", args=[SavedFilter.objects.get().pk])
        client.post(own, {"name": "Films", "formats": ["2"]})
        published("Film", parent=halls[1], rich=FILM)
        page = text(client, answer["Location"])
        assert (">Film<" in page, ">In the Hall<" in page) == (True, False)
        client.post(own, {"delete": "1"})
        assert not SavedFilter.objects.exists()

    def test_is_nobody_elses(self, me, halls):
        saved = SavedFilter.objects.create(person=me, name="Mine", formats=[2])
        other = signed_in(person())
        own = reverse("wagtail_personalize:saved_filter", args=[saved.pk])
        assert other.get(own).status_code == other.post(own, {"delete": "1"}).status_code == 404
        assert names(person()) == []
        assert filters_for(Viewer.for_person(me, is_preview=True)) == []
        assert Client().get(own)["Location"].startswith("/login/")
        assert "Mine" not in text(other, f"{MINE}?filter={saved.pk}")

    def test_takes_only_what_is_followed(self, me, halls):
        other = published("Elsewhere")
        client = signed_in(me)
        for form in (
            {"name": "x", "sources": [source_id(other)]},
            {"name": "x"},
            {"name": "", "formats": ["2"]},
            {"name": "x", "formats": ["9"]},
        ):
            assert client.post(NEW, form).status_code == 200
        assert not SavedFilter.objects.exists()

    def test_has_an_end(self, me, halls):
        SavedFilter.objects.bulk_create([SavedFilter(person=me, name=str(number)) for number in range(MOST)])
        page = signed_in(me).post(NEW, {"name": "x", "formats": ["2"]}).content.decode()
        assert "Delete one first." in page
        assert SavedFilter.objects.count() == MOST

    def test_shows_nothing_when_its_sources_are_gone(self, me, halls):
        client = signed_in(me)
        address = client.post(NEW, {"name": "Hall", "sources": [source_id(halls[0])]})["Location"]
        remove([source_id(halls[0])])
        page = text(client, address)
        assert ">In the Office<" not in page
        assert ">In the Hall<" not in page

    def test_follows_a_hashtag_to_what_it_stands_for(self, me):
        one, other = (Hashtag.objects.create(label=label) for label in ("one", "other"))
        saved = ready(sources=[one])
        one.synonym_of = other
        one.save()
        assert [source.key for source in saved.sources.all()] == [str(other.pk)]

    def test_is_told_among_what_is_recorded(self, me):
        SavedFilter.objects.create(person=me, name="My machine hall", formats=[2])
        assert "My machine hall" in text(signed_in(me), "/people/me/recorded/")


class TestReady:
    def test_is_offered_to_its_segment_whether_or_not_they_follow(self, me, halls):
        ready("For managers", segment("Finance"), sources=[halls[0]])
        ready("For everybody", formats=[2])
        manager, other = person(department="Finance"), person(department="IT")
        assert (names(manager), names(other)) == (["For everybody", "For managers"], ["For everybody"])
        page = text(signed_in(manager), f"{MINE}?filter={SavedFilter.objects.get(name='For managers').pk}")
        assert ">In the Hall<" in page
        assert ">In the Office<" not in page
        assert "For managers" not in text(signed_in(other), MINE)

    def test_tells_nothing_of_what_is_hidden(self, me, halls):
        set_page_audience(halls[0], None, Clause.of([segment("IT")]), None)
        saved = ready("Secret hall", sources=[halls[0]])
        assert names(me) == []
        page = text(signed_in(me), f"{MINE}?filter={saved.pk}")
        assert "Secret hall" not in page
        assert "In the Hall" not in page

    def test_names_a_segment_that_cannot_be_deleted_then(self):
        finance = segment("Finance")
        ready("For managers", finance)
        with pytest.raises(SegmentInUse, match="For managers"):
            finance.delete()

    def test_is_made_in_the_admin_by_those_who_may(self, halls):
        finance, boss = segment("Finance"), user(is_superuser=True, is_staff=True)
        client = signed_in(boss)
        form = {"name": "For managers", "segment": finance.pk, "hashtags": "#safety", "page": halls[0].pk}
        client.post(reverse(f"{ADMIN}add"), form | {"position": 1})
        saved = SavedFilter.objects.get()
        assert {source.kind for source in saved.sources.all()} == {"hashtag", "page"}
        assert (saved.segment, saved.person, saved.by_sources) == (finance, None, True)
        edit = reverse(f"{ADMIN}edit", args=[saved.pk])
        assert "#safety" in text(client, edit)
        form = {"name": "For all", "segment": "", "hashtags": "", "page": "", "formats": ["2"], "position": 0}
        client.post(edit, form)
        saved.refresh_from_db()
        assert (saved.name, saved.formats, saved.by_sources, saved.segment) == ("For all", [2], False, None)
        assert client.post(reverse(f"{ADMIN}add"), {"name": "Empty", "position": 0}).status_code == 200
        assert SavedFilter.objects.count() == 1

    def test_shows_editors_nothing_of_anybodys_own(self, me):
        own = SavedFilter.objects.create(person=me, name="My secret hobby", formats=[2])
        client = signed_in(user(is_superuser=True, is_staff=True))
        assert "My secret hobby" not in text(client, reverse(f"{ADMIN}index"))
        for view in ("edit", "delete", "history", "usage"):
            assert client.get(reverse(f"{ADMIN}{view}", args=[own.pk])).status_code in (302, 404), view
        assert signed_in(allowed(user(is_staff=True))).get(reverse(f"{ADMIN}index")).status_code == 302


class TestQueries:
    def test_are_as_many_with_many_filters(self, me, halls):
        client = signed_in(me)

        def queries():
            with CaptureQueriesContext(connection) as context:
                assert client.get(MINE).status_code == 200
            return len(context)

        ready("First", segment("Finance"), sources=halls)
        queries()
        few = queries()
        for number in range(5):
            ready(f"Number {number}", sources=halls[:1])
        assert queries() == few
        assert Source.objects.exists()
