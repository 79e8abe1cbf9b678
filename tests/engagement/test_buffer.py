"""Beacons wait in Redis: nothing is lost when a worker dies, nothing is stored twice, heartbeats go first."""

import time
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from tests.builders import page
from wagtail_personalize.engagement.beacon.limits import PER_MINUTE
from wagtail_personalize.engagement.buffer import draining
from wagtail_personalize.engagement.buffer import queue as queue_module
from wagtail_personalize.engagement.buffer.draining import drain
from wagtail_personalize.engagement.buffer.queue import queue
from wagtail_personalize.engagement.counting.balances import Outcome
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Objection

from .beaconing import Browser
from .counting import balance, events

redis = pytest.importorskip("redis")
pytestmark = pytest.mark.django_db

SERVER = "redis://localhost:6379/9"


def is_there():
    try:
        return redis.Redis.from_url(SERVER, socket_connect_timeout=0.2).ping()
    except redis.RedisError:
        return False


@pytest.fixture
def buffer(settings, monkeypatch):
    if not is_there():
        pytest.skip("needs a Redis server on this machine")
    monkeypatch.setattr(queue_module, "_PREFIX", f"test:{uuid4()}:")
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ENGAGEMENT_BUFFER": SERVER}
    buffer = queue()
    yield buffer
    for key in buffer.redis.scan_iter(f"{queue_module._PREFIX}*"):
        buffer.redis.delete(key)


@pytest.fixture
def browser(ada, buffer):
    return Browser(ada, page("News"), issued=100)


def drained(buffer):
    return sum(drain(buffer), Outcome())


def at_most(settings, number):
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ENGAGEMENT_BUFFER_MOST": number}


class TestBuffer:
    def test_keeps_beacons_without_asking_the_database(self, browser, buffer, django_assert_num_queries):
        with django_assert_num_queries(0):
            browser.send()
        assert len(buffer) == 1
        assert not events()

    def test_is_stored_by_a_worker(self, browser, buffer):
        browser.send(browser.event(), [])
        browser.post("unreadable")
        call_command("store_events", once=True)
        assert balance() == (3, 1, 0, 2, 0)
        assert (len(buffer), buffer.claim(1)) == (0, None)

    def test_is_stored_in_batches(self, browser, buffer):
        for _number in range(10):
            browser.send(browser.event(Kind.CLICK))
        assert [outcome.stored for outcome in drain(buffer, 4)] == [4, 4, 2]

    def test_holds_sixty_beacons_of_a_person_in_a_minute(self, browser, buffer):
        for _number in range(PER_MINUTE + 3):
            browser.send(browser.event(Kind.CLICK))
        assert drained(buffer) == Outcome(stored=60, rejected=3)

    def test_forgets_the_person_after_a_minute(self, browser, buffer):
        browser.send()
        [key] = buffer.redis.scan_iter(f"{queue_module._PREFIX}minute:*")
        assert 0 < buffer.redis.ttl(key) <= 60

    def test_is_forgotten_itself_when_nobody_stores_it(self, browser, buffer):
        browser.send()
        assert 0 < buffer.redis.ttl(f"{queue_module._PREFIX}queue") <= 48 * 3600

    def test_is_not_there_without_the_setting(self, settings):
        with pytest.raises(CommandError, match="ENGAGEMENT_BUFFER"):
            call_command("store_events", once=True)

    def test_may_be_a_cache(self, settings, buffer):
        settings.CACHES = {
            **settings.CACHES,
            "beacons": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": SERVER},
        }
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ENGAGEMENT_BUFFER": "beacons"}
        assert queue().redis.ping()


class TestWorker:
    def test_that_dies_before_it_stored_loses_nothing(self, browser, buffer):
        browser.send()
        batch = buffer.claim(10)
        assert buffer.claim(10) is None
        buffer.release(batch)  # its lease ran out
        assert drained(buffer) == Outcome(stored=1)

    def test_that_dies_after_it_stored_stores_nothing_twice(self, browser, buffer, monkeypatch):
        browser.send(browser.event(), [])
        with monkeypatch.context() as patch:
            patch.setattr(buffer, "acknowledge", buffer.release)
            next(drain(buffer))
        assert balance() == (2, 1, 0, 1, 0)
        assert drained(buffer) == Outcome()
        assert balance() == (2, 1, 0, 1, 0)

    def test_without_database_keeps_everything(self, browser, buffer, monkeypatch):
        def away(*args, **kwargs):
            raise DatabaseError("away")

        browser.send()
        with monkeypatch.context() as patch:
            patch.setattr(draining, "store", away)
            with pytest.raises(DatabaseError):
                drained(buffer)
        browser.send(browser.event(Kind.CLICK))
        assert drained(buffer) == Outcome(stored=2)

    def test_costs_the_database_the_same_for_many_beacons(self, browser, buffer):
        costs = []
        for number in (1, 1, 40):
            for _beacon in range(number):
                browser.send(browser.event(Kind.CLICK))
            with CaptureQueriesContext(connection) as context:
                next(drain(buffer))
            costs.append(len(context))
        assert costs[2] <= costs[1] + 2

    def test_rejects_what_waited_two_days(self, browser, buffer):
        browser.send()
        with time_machine.travel(time.time() + 48 * 3600 + 5):
            assert drained(buffer) == Outcome(rejected=1)


class TestCrowd:
    def test_heartbeats_go_first_and_are_counted(self, settings, browser, buffer):
        at_most(settings, 1)
        browser.send()
        for _number in range(3):
            browser.send(browser.event(Kind.ENGAGED, 5), browser.event(Kind.SCROLL, 25))
        assert drained(buffer) == Outcome(stored=1, dropped=6)

    def test_there_is_room_for_more_than_heartbeats(self, settings, browser, buffer):
        at_most(settings, 4)
        for _number in range(7):
            browser.send(browser.event(Kind.CLICK), browser.event(Kind.ENGAGED, 5))
        assert drained(buffer) == Outcome(stored=4 * 2 + 1, dropped=1 + 2 * 2)


class TestRedisAway:
    def test_beacons_go_to_the_database(self, settings, browser):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ENGAGEMENT_BUFFER": "redis://localhost:1/0"}
        browser.send(browser.event(), [])
        browser.post("unreadable")
        assert balance() == (3, 1, 0, 2, 0)

    def test_what_was_flushed_is_in_no_figure(self, browser, buffer):
        browser.send()
        buffer.redis.delete(f"{queue_module._PREFIX}queue")
        browser.send(browser.event(Kind.CLICK))
        assert drained(buffer) == Outcome(stored=1)
        assert balance() == (1, 1, 0, 0, 0)


class TestObjection:
    def test_holds_for_what_waits(self, browser, buffer, ada):
        browser.send()
        Objection.objects.create(person=ada)
        assert drained(buffer) == Outcome(rejected=1)

    def test_that_was_taken_back_holds_for_what_happened_before(self, browser, buffer, ada):
        browser.send()
        buffer.resume(ada.pk, time.time() + 1)
        assert drained(buffer) == Outcome(rejected=1)
