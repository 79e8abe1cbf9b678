"""The bell, the list of notifications, and the choice of what reaches somebody how, as requests."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from tests.builders import person, segment, user
from wagtail_personalize.segments.models import Membership, Segment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import MailChoice, Notice, Notification, Preference, PreferenceDefault
from wagtail_personalize.streams.notifications.models import Mail
from wagtail_personalize.streams.notifications.page_events import SomethingNew
from wagtail_personalize.streams.notifications.reading import number_unread
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .notifying import told_unread
from .timeline import published

pytestmark = pytest.mark.django_db

LIST = "/people/me/notifications/"
PREFERENCES = f"{LIST}preferences/"


@pytest.fixture
def me():
    return person(department="Finance")


@pytest.fixture
def signed_in(client, me):
    client.force_login(me)
    return client


def told_of(someone, *pages, event="news", days_ago=0, **fields):
    """Somebody is told of these pages; returns the keys of the notifications."""
    at = timezone.now() - timedelta(days=days_ago)
    found = []
    for page in pages:
        key = page.translation_key
        notice = Notice.objects.create(event=event, key=str(uuid4()), translation_key=key, at=at)
        found.append(Notification.objects.create(person=someone, notice=notice, **fields).pk)
    return found


def bell(someone, words="{% notification_bell %}"):
    request = RequestFactory().get("/")
    request.user = someone
    return Template("{% load personalize_tags %}" + words).render(RequestContext(request, {"request": request}))


def queries(ask):
    """How many statements it takes when whatever a process keeps is there."""
    ask()
    with CaptureQueriesContext(connection) as context:
        ask()
    return len(context)


def open_page(someone, page, method="get", **headers):
    """The bell of a page that is opened by its own address."""
    request = getattr(RequestFactory(), method)(page.url, headers=headers)
    request.user = someone
    Page.route_for_request(request, page.url.lstrip("/"))
    return Template("{% load personalize_tags %}{% notification_bell %}").render(
        RequestContext(request, {"request": request})
    )


class TestOpeningPage:
    def test_marks_what_it_was_announced_by_as_read(self, me):
        page, other = published("One"), published("Two")
        told_of(me, page, other)
        assert "1 unread" in open_page(me, page)
        assert told_unread(me) == ["Two"]

    def test_marks_nothing_of_others(self, me):
        page, colleague = published("One"), person()
        told_of(me, page)
        told_of(colleague, page)
        open_page(me, page)
        assert told_unread(colleague) == ["One"]

    @pytest.mark.parametrize("ahead", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
    def test_does_not_count_when_a_browser_fetches_ahead(self, me, ahead):
        page = published("One")
        told_of(me, page)
        open_page(me, page, **ahead)
        open_page(me, page, method="head")
        assert told_unread(me) == ["One"]

    def test_writes_once_and_only_for_who_was_told(self, me):
        page, stranger = published("One"), person()
        told_of(me, page)
        open_page(stranger, page)
        with CaptureQueriesContext(connection) as context:
            open_page(me, page)
            open_page(me, page)
            open_page(stranger, page)
        assert len([one for one in context if one["sql"].startswith("UPDATE")]) == 1

    def test_leaves_alone_what_is_about_something_else_there(self, me, monkeypatch):
        page = published("One")
        told_of(me, page)
        monkeypatch.setattr(SomethingNew, "is_read_with_page", False)
        open_page(me, page)
        assert told_unread(me) == ["One"]


class TestBell:
    def test_says_how_many_are_unread(self, me):
        told_of(me, published("One"), published("Two"))
        told_of(me, published("Read"), is_read=True)
        told_of(me, published("By mail only"), in_app=False)
        assert "Notifications, 2 unread" in bell(me)

    def test_counts_no_further_than_99(self, me):
        page = published("One")
        for _number in range(100):
            told_of(me, page)
        assert "Notifications, 99+ unread" in bell(me)

    def test_is_nothing_for_visitors(self):
        from django.contrib.auth.models import AnonymousUser

        for words in ("{% notification_bell %}", "{% notification_bell lazily=True %}"):
            assert bell(AnonymousUser(), words).strip() == ""

    def test_without_a_number_is_asked_for_later(self, signed_in, me):
        told_of(me, published("One"))
        assert "unread" not in bell(me, "{% notification_bell lazily=True %}")
        assert "Notifications, 1 unread" in signed_in.get(f"{LIST}bell/").content.decode()

    def test_costs_one_query_when_nothing_is_unread(self, me, django_assert_num_queries):
        viewer = Viewer.for_person(me)
        with django_assert_num_queries(1):
            assert number_unread(viewer) == 0

    def test_costs_as_much_for_100_as_for_one(self, me):
        page = published("One")
        told_of(me, page)
        one = queries(lambda: bell(me))
        told_of(me, *[page] * 99)
        assert queries(lambda: bell(me)) == one <= 6


class TestList:
    def test_has_the_newest_first_under_their_days(self, signed_in, me):
        told_of(me, published("Old"), days_ago=2)
        told_of(me, published("New"))
        text = signed_in.get(LIST).content.decode()
        assert text.index("New") < text.index("Old")
        assert text.count("wp-notices__day") == 2

    def test_is_private(self, signed_in):
        assert "private" in signed_in.get(LIST)["Cache-Control"]
        assert "private" in signed_in.get(PREFERENCES)["Cache-Control"]

    def test_goes_on_where_it_ended(self, signed_in, me):
        pages = [published(f"Page {number:02}") for number in range(3)]
        told_of(me, *(pages * 8))
        first = signed_in.get(LIST)
        assert first.content.decode().count('class="wp-notice ') == 20
        more = signed_in.get(first.context["more_url"], headers={"HX-Request": "true"}).content.decode()
        assert more.count('class="wp-notice ') == 4
        assert "<html" not in more
        assert "wp-notices__day" not in more
        assert "That is all." in more

    def test_has_no_holes_where_something_was_closed(self, signed_in, me):
        open_page, closed = published("Open"), published("Closed")
        told_of(me, open_page)
        told_of(me, *[closed] * 30)
        set_page_audience(closed, user(is_superuser=True), {Clause.of([segment("IT")])}, frozenset())
        text = signed_in.get(LIST).content.decode()
        assert "Open" in text
        assert "Closed" not in text
        assert "Load more" not in text

    def test_helps_who_was_told_nothing(self, signed_in):
        assert "Nothing to tell you yet" in signed_in.get(LIST).content.decode()

    def test_sends_visitors_to_the_login(self, client):
        assert client.get(LIST).status_code == client.get(PREFERENCES).status_code == 302

    @pytest.mark.parametrize("after", ["x", "-1", "0", "²", "9" * 30])
    def test_takes_any_address(self, signed_in, after):
        assert signed_in.get(LIST, {"after": after, "day": "<x>"}).status_code == 200

    def test_asks_as_much_for_many_notifications_and_segments_as_for_few(self, signed_in, me):
        page = published("One")
        told_of(me, page)
        one = queries(lambda: signed_in.get(LIST))
        told_of(me, *[page] * 99)
        rules = Segment.objects.bulk_create(Segment(name=f"S {n}", slug=f"s-{n}") for n in range(500))
        now = timezone.now()
        Membership.objects.bulk_create(Membership(segment=one, person=me, since=now) for one in rules)
        assert queries(lambda: signed_in.get(LIST)) == one


class TestOpening:
    def test_marks_it_as_read_and_leads_to_the_page(self, signed_in, me):
        page = published("One")
        (pk,) = told_of(me, page)
        told_of(me, page, event="sent")
        answer = signed_in.post(f"{LIST}{pk}/open/")
        assert (answer.status_code, answer["Location"]) == (302, f"{page.get_url()}?via=bell")
        assert told_unread(me) == []

    def test_is_not_done_by_looking(self, signed_in, me):
        (pk,) = told_of(me, published("One"))
        for address in ("open/", "read/"):
            assert signed_in.get(f"{LIST}{pk}/{address}").status_code == 405
        assert signed_in.get(f"{LIST}read/").status_code == 405
        assert told_unread(me) == ["One"]

    def test_needs_the_token(self, me):
        from django.test import Client

        (pk,) = told_of(me, published("One"))
        client = Client(enforce_csrf_checks=True)
        client.force_login(me)
        assert client.post(f"{LIST}{pk}/open/").status_code == client.post(f"{LIST}read/").status_code == 403

    def test_is_missing_for_others_and_for_what_was_closed(self, signed_in, me):
        page = published("One")
        (mine,), (other,) = told_of(me, page), told_of(person(), page)
        set_page_audience(page, user(is_superuser=True), {Clause.of([segment("IT")])}, frozenset())
        for pk in (mine, other, 999):
            assert signed_in.post(f"{LIST}{pk}/open/").status_code == 404
            assert signed_in.post(f"{LIST}{pk}/read/").status_code == 404
        assert Notification.objects.filter(is_read=False).count() == 2


class TestReading:
    def test_one_comes_back_to_the_list(self, signed_in, me):
        first, _second = told_of(me, published("One"), published("Two"))
        assert signed_in.post(f"{LIST}{first}/read/", {"next": "//evil.example/"})["Location"].startswith("/people/me/")
        assert told_unread(me) == ["Two"]

    def test_one_with_htmx_brings_the_new_number(self, signed_in, me):
        first, _second = told_of(me, published("One"), published("Two"))
        text = signed_in.post(f"{LIST}{first}/read/", headers={"HX-Request": "true"}).content.decode()
        assert "wp-notice--unread" not in text
        assert 'hx-swap-oob="true"' in text
        assert "Notifications, 1 unread" in text

    def test_all_leaves_what_came_meanwhile(self, signed_in, me):
        told_of(me, published("One"), published("Two"))
        until = signed_in.get(LIST).content.decode().split('name="until" value="')[1].split('"')[0]
        told_of(me, published("Three"))
        other = person()
        told_of(other, published("Four"))
        assert signed_in.post(f"{LIST}read/", {"until": until})["Location"] == LIST
        assert told_unread(me) == ["Three"]
        signed_in.post(f"{LIST}read/")
        assert told_unread(me) == []
        assert told_unread(other) == ["Four"]


class TestPreferences:
    def form(self, client, **changed):
        """What the browser would send for the page as it is, with some of it changed."""
        context = client.get(PREFERENCES).context
        data = {}
        for form in (context["channels"], context["mails"]):
            for field in form:
                if (value := field.value()) is not None and value is not False:
                    data[field.html_name] = "on" if value is True else str(value)
        data |= changed
        return {name: value for name, value in data.items() if value is not None}

    def test_change_only_what_was_changed(self, signed_in, me):
        data = self.form(signed_in, **{"news-in_app": None, "news-mail": str(int(Mail.NOW))})
        assert signed_in.post(PREFERENCES, data)["Location"] == PREFERENCES
        row = Preference.objects.get()
        assert (row.person, row.event, row.in_app, row.mail) == (me, "news", False, Mail.NOW)
        assert not MailChoice.objects.exists()
        signed_in.post(PREFERENCES, self.form(signed_in))
        assert Preference.objects.get().mail == Mail.NOW

    def test_show_what_holds_by_default(self, signed_in, me):
        finance = segment("Finance")
        PreferenceDefault.objects.create(segment=finance, event="news", in_app=False, mail=Mail.NONE)
        holds = {one.event.name: one for one in signed_in.get(PREFERENCES).context["channels"].holds}
        assert (holds["news"].in_app, holds["news"].mail, holds["news"].is_own) == (False, Mail.NONE, False)
        assert (holds["all"].in_app, holds["all"].mail) == (True, Mail.NOW)

    def test_cannot_keep_must_know_pages_out_of_the_bell(self, signed_in, me):
        signed_in.post(PREFERENCES, self.form(signed_in, **{"must_know-in_app": None}))
        assert not Preference.objects.exists()

    def test_say_when_mails_come(self, signed_in, me):
        data = self.form(signed_in, digest="2", quiet_from="20:00", quiet_until="07:00", no_mail="on")
        signed_in.post(PREFERENCES, data)
        choice = MailChoice.objects.get(person=me)
        assert (choice.digest, choice.quiet_from.hour, choice.quiet_until.hour, choice.no_mail) == (2, 20, 7, True)

    @pytest.mark.parametrize("wrong", [{"quiet_from": "20:00"}, {"digest": "9"}, {"news-mail": "7"}])
    def test_refuse_what_makes_no_sense(self, signed_in, wrong):
        answer = signed_in.post(PREFERENCES, self.form(signed_in, **wrong))
        assert answer.status_code == 200
        assert not Preference.objects.exists()
        assert not MailChoice.objects.exists()

    def test_are_reset(self, signed_in, me):
        Preference.objects.create(person=me, event="news", in_app=False, mail=Mail.NONE)
        MailChoice.objects.create(person=me, no_mail=True)
        other = Preference.objects.create(person=person(), event="news", in_app=False, mail=Mail.NONE)
        signed_in.post(PREFERENCES, {"do": "reset"})
        assert list(Preference.objects.all()) == [other]
        assert not MailChoice.objects.exists()

    def test_ask_as_much_with_many_segments_as_with_few(self, signed_in, me):
        one = queries(lambda: signed_in.get(PREFERENCES))
        rules = Segment.objects.bulk_create(Segment(name=f"S {n}", slug=f"s-{n}") for n in range(500))
        now = timezone.now()
        Membership.objects.bulk_create(Membership(segment=one, person=me, since=now) for one in rules)
        PreferenceDefault.objects.bulk_create(PreferenceDefault(segment=one, event="news") for one in rules)
        assert queries(lambda: signed_in.get(PREFERENCES)) == one
