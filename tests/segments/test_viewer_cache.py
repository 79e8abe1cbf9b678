"""The optional cache that saves the query, with a real Redis."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import caches
from django.db import transaction

from tests import builders
from wagtail_personalize.hookspecs import audience_changed
from wagtail_personalize.segments import versions, watching
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.state_query import StatePart
from wagtail_personalize.segments.viewer import Viewer

REDIS = "redis://127.0.0.1:6379/15"
ROOT = StatePart("root", "SELECT 'root', id FROM wagtailcore_page WHERE depth = %s", (1,))

pytestmark = pytest.mark.django_db(transaction=True)


def use(settings, location):
    backend = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": location,
        "KEY_PREFIX": str(uuid4()),
    }
    settings.CACHES = {**settings.CACHES, "shared": backend}
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "SHARED_CACHE": "shared"}


@pytest.fixture
def shared(settings):
    redis = pytest.importorskip("redis")
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.ConnectionError:
        pytest.skip("needs a Redis on this machine")
    use(settings, REDIS)
    yield caches["shared"]
    caches["shared"].close()


@pytest.fixture
def ada(shared):
    """A person in IT whose answers are cached."""
    ada = builders.person("ada", department="IT")
    builders.segment("IT"), builders.segment("HR")
    segment_index()
    assert ask(ada) == {"it"}
    return ada


def ask(person):
    viewer = Viewer.for_person(person)
    viewer.load(ROOT)
    assert len(viewer.answer("root")) <= 1
    return {slug for slug in ("it", "hr") if viewer.is_in(slug)}


class TestSharedCache:
    def test_saves_the_query(self, ada, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert ask(ada) == {"it"}

    def test_keeps_persons_and_parts_apart(self, ada, django_assert_num_queries):
        bob = builders.person("bob", department="HR")
        ask(ada)
        assert ask(bob) == {"hr"}
        assert ask(ada) == {"it"}
        with django_assert_num_queries(1):
            Viewer.for_person(ada).load(ROOT._replace(params=(2,)))

    def test_forgets_a_right_that_was_lost(self, ada):
        ada.staff.department = "HR"
        ada.staff.save()
        assert ask(ada) == {"hr"}

    def test_forgets_what_the_rules_said_of_a_person_although_no_stored_membership_changed(self, ada, monkeypatch):
        monkeypatch.setattr(watching, "MOST_QUERIES", 0)
        with time_machine.travel("2026-03-10T11:00:00+00:00", tick=False) as clock:
            ada.staff.hired = date(2025, 12, 10)
            ada.staff.save()
            rule = {"attribute": "hired", "operator": "in_the_last", "value": 90, "unit": "days"}
            new = builders.segment("New", {"all": [rule]})
            refresh()
            clock.move_to("2026-03-11T11:00:00+00:00")
            assert not Viewer.for_person(ada).is_in("new")
            ada.staff.hired = date(2026, 3, 1)
            ada.staff.save()
            assert new.memberships.count() == 1
            assert Viewer.for_person(ada).is_in("new")

    def test_forgets_with_every_change_of_a_segment(self, ada):
        segment = segment_index().by_slug["it"]
        builders.segment("More")
        assert ask(ada) == {"it"}
        from wagtail_personalize.segments.models import Segment

        Segment.objects.get(pk=segment.id).always_exclude([ada])
        assert ask(ada) == set()

    @pytest.mark.parametrize(
        "change",
        [
            lambda: versions.grow(versions.AUDIENCES),
            lambda: audience_changed.send(sender=None, translation_key=uuid4(), user=None),
        ],
    )
    def test_forgets_with_every_change_of_an_audience(self, ada, change, django_assert_num_queries):
        change()
        with django_assert_num_queries(1):
            ask(ada)

    def test_forgets_only_what_is_committed(self, ada, django_assert_num_queries):
        with transaction.atomic():
            ada.staff.department = "HR"
            ada.staff.save()
            assert ask(ada) == {"hr"}
            transaction.set_rollback(True)
        with django_assert_num_queries(0):
            assert ask(ada) == {"it"}

    def test_never_finds_an_answer_from_before_a_change_that_was_committed_meanwhile(self, ada):
        from wagtail_personalize.segments import shared_cache

        def slow_query():
            shared_cache.forget()
            return "from before"

        assert shared_cache.remember(("question",), slow_query, using="default") == "from before"
        assert shared_cache.remember(("question",), lambda: "from after", using="default") == "from after"

    def test_that_was_flushed_is_filled_again(self, ada, shared, django_assert_num_queries):
        shared.clear()
        with django_assert_num_queries(1):
            assert ask(ada) == {"it"}
        with django_assert_num_queries(0):
            assert ask(ada) == {"it"}


class TestWithoutAnAnswer:
    def test_the_database_is_asked(self, settings, caplog):
        use(settings, "redis://127.0.0.1:1/0")
        ada = builders.person("ada", department="IT")
        builders.segment("IT")
        assert ask(ada) == {"it"}
        ada.staff.department = "HR"
        ada.staff.save()
        assert ask(ada) == set()
        assert "does not answer" in caplog.text
