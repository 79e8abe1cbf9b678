"""What browsers tell is believed within limits, counted exactly, and answered with 204 whatever it is."""

import json
import random
import time
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import signing
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.builders import page, person
from wagtail_personalize.engagement.beacon import taking
from wagtail_personalize.engagement.beacon.limits import PER_MINUTE, MinuteLimit
from wagtail_personalize.engagement.beacon.tokens import SECONDS_VALID, ViewToken, page_of, page_token
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Event, Objection

from .beaconing import BEACON, TOKEN, Browser
from .counting import balance, events

pytestmark = pytest.mark.django_db

MANY = 10_000


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Each test has a minute and a memory of its own."""
    monkeypatch.setattr(taking, "minute_limit", MinuteLimit())
    monkeypatch.setattr(taking, "pending", taking.Pending())


@pytest.fixture
def browser(ada, news):
    return Browser(ada, news, issued=100)


def stored():
    return [(event.kind, event.value) for event in events()]


class TestBeacon:
    def test_stores_what_happened(self, browser):
        browser.send(browser.event(), browser.event(Kind.ENGAGED, 37), browser.event(Kind.SCROLL, 75))
        assert stored() == [(Kind.VIEW, None), (Kind.ENGAGED, 37), (Kind.SCROLL, 75)]
        assert len({event.load for event in events()}) == 1
        assert balance() == (3, 3, 0, 0, 0)

    def test_told_again_is_a_duplicate(self, browser):
        told = [browser.event(), browser.event(Kind.CLICK)]
        for _time in range(3):
            browser.send(*random.sample(told, 2))
        assert balance() == (6, 2, 4, 0, 0)

    def test_counts_one_view_for_a_load(self, browser):
        browser.send(browser.event(), browser.event())
        assert stored() == [(Kind.VIEW, None)]

    def test_teasers_share_no_load_with_the_page_they_were_on(self, browser):
        browser.send(browser.event(), browser.event(Kind.IMPRESSION, teaser=page("Other")))
        found = {event.content.label: event.load for event in events()}
        assert found["Other"] is None
        assert found["News"] is not None

    def test_visits_are_told_of_the_site_alone(self, browser):
        browser.send(browser.event(Kind.VISIT, 1))
        [visit] = events("site")
        assert (visit.kind, visit.value, visit.load) == (Kind.VISIT, 1, None)
        assert not events()

    @pytest.mark.parametrize("channel", ["mail", "<script>", 7, None])
    def test_knows_some_channels(self, browser, channel):
        browser.send(c=channel)
        assert events()[0].channel == ("mail" if channel == "mail" else "")

    def test_asks_neither_session_nor_user(self, browser, ada):
        browser.client.force_login(ada)
        with CaptureQueriesContext(connection) as context:
            browser.send()
        assert not [query for query in context if "django_session" in query["sql"]]

    def test_needs_no_csrf_token(self, browser):
        browser.client = Client(enforce_csrf_checks=True)
        browser.send()
        assert stored()

    @pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
    def test_takes_nothing_but_posts(self, client, method):
        assert getattr(client, method)(BEACON).status_code == 405

    def test_is_rejected_from_another_site(self, browser):
        browser.send(headers={"Origin": "https://elsewhere.example"})
        browser.send(headers={"Sec-Fetch-Site": "cross-site"})
        assert balance() == (2, 0, 0, 2, 0)

    def test_is_taken_from_here(self, browser):
        browser.send(headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"})
        assert stored()


class TestLimits:
    def test_eight_kibibytes(self, browser):
        browser.send(x="x" * 8 * 1024)
        assert balance() == (1, 0, 0, 1, 0)

    def test_twenty_events(self, browser):
        browser.send(*[browser.event(Kind.CLICK) for _number in range(21)])
        assert balance() == (1, 0, 0, 1, 0)
        browser.send(*[browser.event(Kind.CLICK) for _number in range(20)])
        assert balance() == (21, 20, 0, 1, 0)

    def test_sixty_beacons_in_a_minute_from_one_person(self, browser, news):
        with time_machine.travel(timezone.now(), tick=False):
            for _number in range(PER_MINUTE + 2):
                browser.send(browser.event(Kind.CLICK))
            Browser(person("bob"), news).send()
        assert balance() == (63, 61, 0, 2, 0)

    def test_the_next_minute_knows_nobody(self, browser):
        limit = MinuteLimit()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            assert [limit.passes("ada") for _number in range(61)].count(False) == 1
            clock.shift(timedelta(minutes=1))
            assert limit.passes("bob")
        assert set(limit._counts) == {"bob"}

    @pytest.mark.parametrize(
        ("seconds", "believed"), [(105, True), (106, True), (107, False), (-1, False), (1801, False)]
    )
    def test_engaged_time_is_no_longer_than_the_clock_says(self, browser, seconds, believed):
        with time_machine.travel(browser.view.issued + 101, tick=False):
            browser.send(browser.event(Kind.ENGAGED, seconds))
        assert bool(stored()) == believed

    def test_engaged_time_is_half_an_hour_at_most(self, ada, news):
        browser = Browser(ada, news, issued=7200)
        browser.send(browser.event(Kind.ENGAGED, 1800), browser.event(Kind.ENGAGED, 1801))
        assert balance() == (2, 1, 0, 1, 0)

    @pytest.mark.parametrize(
        "entry",
        [
            *([], [1], [1, 2, 3, 4, 5], "view", None, {}, [1, 99, None], [1, 2, 1], [-1, 2, None], [True, 2, None]),
            *([1, "2", None], [1, Kind.SCROLL, 30], [1, Kind.VISIT, 2], [1, Kind.IMPRESSION, None], [1.5, 2, None]),
            *([1, Kind.IMPRESSION, None, "forged"], [1, Kind.VIEW, None, "x"], [1, Kind.ENGAGED, None]),
            *([1, Kind.COMMENT, None], [1, Kind.REACTION, None], [1, Kind.HELPFUL, 1], [1, Kind.SEARCH, 1]),
            *([10**30, 2, None], [1, Kind.ENGAGED, 10**30], [1, Kind.ENGAGED, 1e3], [1, [], None]),
        ],
        ids=str,
    )
    def test_events_that_make_no_sense_are_rejected_alone(self, browser, entry):
        browser.send(browser.event(), entry)
        assert balance() == (2, 1, 0, 1, 0)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "null",
            '"x"',
            "\x00",
            "[" * 5000,
            '{"e": [[1,2]]}',
            '{"e": 1}',
            "\ud800".encode("utf-8", "replace"),
        ],
        ids=repr,
    )
    def test_what_cannot_be_read_is_one_rejected_event(self, browser, text):
        browser.post(text)
        assert balance() == (1, 0, 0, 1, 0)

    @pytest.mark.parametrize("field", ["v", "l", "e"])
    @pytest.mark.parametrize("value", [None, 1, "", [], {}, "x" * 500, "'; DROP TABLE", "\x00", "ﷺ", True])
    def test_no_field_can_hold_anything(self, browser, field, value):
        browser.send(**{field: value})
        assert balance() == (1, 0, 0, 1, 0)

    @pytest.mark.parametrize("told_at", [-1, 0, 10**18, "x", None, 1.5])
    def test_time_is_believed_between_token_and_now_only(self, browser, told_at):
        browser.send(t=told_at)
        assert events()[0].day in {timezone.localdate(), timezone.localdate(timezone.now() - timedelta(seconds=200))}


class TestToken:
    def test_says_who_and_where(self, ada, news):
        token = ViewToken.read(ViewToken.issue(ada.pk, news.translation_key), time.time())
        assert (token.person, token.page) == (str(ada.pk), news.translation_key)

    def test_is_read_without_the_database(self, ada, news, django_assert_num_queries):
        token = ViewToken.issue(ada.pk, news.translation_key)
        with django_assert_num_queries(0):
            assert ViewToken.read(token, time.time())

    def test_is_valid_for_a_day(self, ada, news):
        token = ViewToken.issue(ada.pk, news.translation_key)
        now = time.time()
        assert ViewToken.read(token, now + SECONDS_VALID - 2)
        assert not ViewToken.read(token, now + SECONDS_VALID + 2)
        assert not ViewToken.read(token, now - 120)

    def test_of_a_page_is_none_of_a_view(self, ada, news):
        token = ViewToken.issue(ada.pk, news.translation_key)
        assert page_of(token) is None
        assert ViewToken.read(page_token(news.translation_key), time.time()) is None
        assert page_of(page_token(news.translation_key)) == news.translation_key

    def test_survives_a_new_secret_key(self, settings, ada, news):
        token = ViewToken.issue(ada.pk, news.translation_key)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [django_settings.SECRET_KEY], "another"
        assert ViewToken.read(token, time.time())
        settings.SECRET_KEY_FALLBACKS = []
        assert not ViewToken.read(token, time.time())

    def test_ten_thousand_mutations_are_all_refused(self, ada, news):
        token, now, chance = ViewToken.issue(ada.pk, news.translation_key), time.time(), random.Random(7)
        for _number in range(MANY):
            mutated = _mutated(token, chance)
            assert mutated == token or ViewToken.read(mutated, now) is None, mutated

    def test_of_another_signer_is_refused(self, ada):
        assert ViewToken.read(signing.Signer().sign(str(ada.pk)), time.time()) is None


def _mutated(token, chance):
    """One letter changed, taken away, doubled or moved, or the end cut off."""
    place = chance.randrange(len(token))
    letter = chance.choice("ABCabc019-_:=.\x00é")
    return chance.choice(
        [
            token[:place] + letter + token[place + 1 :],
            token[:place] + token[place + 1 :],
            token[:place] + letter + token[place:],
            token[:place],
            token[place:] + token[:place],
        ]
    )


class TestRefusal:
    @pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
    def test_of_the_browser_is_heard(self, browser, header):
        browser.send(headers={header: "1"})
        assert balance() == (1, 0, 0, 1, 0)
        browser.send(headers={header: "0"})
        assert stored()

    def test_by_objection_holds_from_the_next_request_on(self, browser, ada):
        browser.send()
        Objection.objects.create(person=ada)
        browser.send(browser.event(Kind.CLICK))
        assert stored() == [(Kind.VIEW, None)]

    def test_of_people_who_are_locked_out(self, browser, ada):
        ada.is_active = False
        ada.save()
        browser.send()
        assert balance() == (1, 0, 0, 1, 0)

    def test_of_people_who_are_gone(self, browser, ada):
        ada.delete()
        browser.send()
        assert balance() == (1, 0, 0, 1, 0)


class TestOutage:
    def test_is_answered_and_counted_when_it_is_over(self, browser, monkeypatch):
        def away(*args, **kwargs):
            raise DatabaseError("away")

        with monkeypatch.context() as patch:
            patch.setattr(taking, "store", away)
            for _second in range(20):
                browser.send(browser.event(Kind.CLICK), [])
        assert balance() == (0, 0, 0, 0, 0)
        browser.send()
        assert balance() == (41, 1, 0, 20, 20)


class TestLazyToken:
    def ask(self, someone, page, **headers):
        client = Client()
        if someone:
            client.force_login(someone)
        return client.get(TOKEN, {"page": page_token(page.translation_key)}, headers=headers)

    def test_is_given_to_who_is_signed_in(self, ada, news):
        response = self.ask(ada, news)
        token = ViewToken.read(response.content.decode(), time.time())
        assert (token.person, token.page) == (str(ada.pk), news.translation_key)
        assert "private" in response["Cache-Control"]

    def test_is_nothing_for_visitors(self, news):
        assert self.ask(None, news).status_code == 204

    def test_is_nothing_for_who_objects(self, ada, news):
        assert self.ask(ada, news, DNT="1").status_code == 204
        Objection.objects.create(person=ada)
        assert self.ask(ada, news).status_code == 204

    def test_needs_a_signed_page(self, client, ada):
        client.force_login(ada)
        assert client.get(TOKEN, {"page": "forged"}).status_code == 204


class TestRows:
    def test_hold_nothing_that_the_browser_made_up(self, browser):
        """What is stored follows from secrets, so nobody can find their own or other people's rows again."""
        browser.send(browser.event(), browser.event(Kind.ENGAGED, 5))
        sent = json.dumps(browser.body())
        for event in Event.objects.all():
            assert event.pk.hex not in sent
            assert not event.load or event.load.hex != browser.load
