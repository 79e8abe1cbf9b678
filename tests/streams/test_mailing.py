"""Digests and e-mails at once, sent to a real mail server and read back."""

import re
from datetime import datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction, Site
from wagtail.users.models import UserProfile

from tests.builders import person, segment
from tests.intranet.models import Staff
from tests.mail_server import parts
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.streams.mailing import digests
from wagtail_personalize.streams.mailing.models import Digest, MailChoice, OutgoingMail, State
from wagtail_personalize.streams.mailing.outbox import enqueue_now
from wagtail_personalize.streams.mailing.working import send_all
from wagtail_personalize.streams.notifications.models import Mail, Notification, Preference
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.timeline.must_know import mark
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .mailing import NOW, clock, notice_of, notify, server, sink
from .subscribing import choose
from .timeline import published, translated

__all__ = ["clock", "server", "sink"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return published("Topic")


@pytest.fixture
def me(topic):
    someone = person("me", first_name="Jürgen")
    someone.email = "juergen@example.com"
    someone.save()
    choose(someone, topic)
    return someone


@pytest.fixture
def news(topic, me):
    """Makes a page below the topic of which the reader is told."""

    def make(title, hours=2, mail=Mail.DIGEST, **fields):
        page = published(title, parent=topic)
        notify(notice_of(page, at=NOW - timedelta(hours=hours), **fields), me, mail=mail)
        return page

    return make


def send_digests():
    call_command("send_digests", stdout=StringIO())


def led_to(content):
    """Where the counted links of a mail lead."""
    paths = re.findall(r"/people/mail/to/[^\s\"]+", content)
    return {Client().get(path)["Location"].partition("?via=")[0] for path in paths}


def states():
    return sorted(OutgoingMail.objects.values_list("state", flat=True))


class TestDigest:
    def test_has_text_and_html_with_the_same_items_the_newest_first(self, news, me, sink):
        first, second = news("Prüfung <b>& Co</b>"), news("Café")
        send_digests()
        [message] = sink.to(me)
        assert message["Subject"] == "2 new items for you: Café"
        text, html = parts(message)
        assert text.index("Café") < text.index("Prüfung <b>& Co</b>")
        assert html.index("Café") < html.index("Prüfung &lt;b&gt;&amp; Co&lt;/b&gt;")
        for content in (text, html):
            assert led_to(content) == {first.url, second.url}
        assert "Jürgen" in text
        assert "<script" not in html

    def test_goes_out_once_however_often_it_is_asked_for(self, news, me, sink):
        news("News")
        for _ in range(3):
            send_digests()
        assert len(sink.to(me)) == 1
        assert states() == [State.SENT]

    def test_is_never_empty(self, me, topic, sink):
        send_digests()
        notify(notice_of(topic), me, is_read=True)
        notify(notice_of(topic), me, is_mailed=True)
        notify(notice_of(topic), me, mail=Mail.NONE)
        send_digests()
        assert sink.messages == []
        assert states() == []

    def test_tells_each_item_once(self, news, me, sink, clock):
        news("First")
        send_digests()
        news("Second")
        clock.shift(timedelta(days=1))
        send_digests()
        assert [message["Subject"] for message in sink.to(me)] == [
            "1 new item for you: First",
            "1 new item for you: Second",
        ]

    def test_tells_a_page_once_whatever_happened_to_it(self, news, me, sink, clock):
        page = news("Twice")
        notify(notice_of(page, "sent", at=NOW - timedelta(hours=1)), me)
        news("Other")
        send_digests()
        assert sink.to(me)[0]["Subject"] == "2 new items for you: Other"
        clock.shift(timedelta(days=1))
        send_digests()
        assert len(sink.to(me)) == 1

    def test_has_ten_items_and_counts_the_others_that_may_be_seen(self, news, me, sink):
        pages = [news(f"Page {number}") for number in range(13)]
        closed, open_page = pages[0], pages[12]
        PageViewRestriction.objects.create(page=closed, restriction_type="groups")
        mark(open_page, NOW + timedelta(days=3), None)
        mark(pages[5], NOW + timedelta(days=3), None)
        send_digests()
        text, html = parts(sink.to(me)[0])
        assert sink.to(me)[0]["Subject"] == "12 new items for you: Page 12"
        listed = [line[2:] for line in text.splitlines() if line.startswith("* ")]
        assert listed == [f"Page {number}" for number in (12, 5, 11, 10, 9, 8, 7, 6, 4, 3)]
        assert "and 2 more" in text
        assert "and 2 more" in html
        assert Notification.objects.filter(is_mailed=True).count() == 12

    def test_is_in_the_language_of_the_person(self, news, topic, sink):
        page = news("Good news")
        german = translated(page)
        type(german).objects.filter(pk=german.pk).update(title="Gute Nachricht")
        for language, title in (("de", "Gute Nachricht"), ("nl", "Good news"), ("en", "Good news")):
            someone = person(first_name=language)
            someone.email = f"{language}@example.com"
            someone.save()
            choose(someone, topic)
            UserProfile.objects.create(user=someone, preferred_language=language)
            Notification.objects.create(person=someone, notice_id=Notification.objects.first().notice_id, mail=1)
            send_digests()
            [message] = sink.to(someone)
            assert message["Subject"].endswith(title)
            assert f'lang="{language}"' in parts(message)[1]

    @pytest.mark.parametrize(
        ("motto", "chosen", "expected"),
        [("de-AT", "nl", "de"), ("", "nl", "nl"), ("Klingon", "nl", "nl"), ("xx", "", "en"), ("nl", None, "nl")],
    )
    def test_is_in_the_declared_language_else_the_chosen_one_else_that_of_the_site(
        self, news, me, sink, monkeypatch, motto, chosen, expected
    ):
        monkeypatch.setattr(get_declaration(), "language", "motto")
        Staff.objects.filter(user=me).update(motto=motto)
        if chosen is not None:
            UserProfile.objects.create(user=me, preferred_language=chosen)
        news("News")
        send_digests()
        [message] = sink.to(me)
        assert f'lang="{expected}"' in parts(message)[1]

    def test_has_addresses_of_the_site_that_the_page_is_on(self, news, me, sink):
        Site.objects.update(hostname="intranet.example", port=443)
        news("News")
        send_digests()
        [message] = sink.to(me)
        assert "https://intranet.example/" in parts(message)[0]
        assert message["Message-ID"] == f"<digest.2026-11-18.{me.pk}@intranet.example>"
        assert message["List-Unsubscribe"].startswith("<https://intranet.example/")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_stays_one_header_whatever_a_title_is(self, news, me, sink):
        page = news("News")
        type(page).objects.update(title="A\r\nBcc: all@example.com\u2028" + "long " * 40)
        send_digests()
        [message] = sink.to(me)
        assert message["Bcc"] is None
        subject = message["Subject"].strip()  # older versions of Python keep the fold of a long one
        assert subject.startswith("1 new item for you: A Bcc: all@example.com long")
        assert len(subject) <= 120


class TestTime:
    def test_is_ten_in_the_persons_own_time_zone(self, news, me, sink, clock):
        news("News", hours=20)
        UserProfile.objects.create(user=me, current_time_zone="America/New_York")
        send_digests()
        assert sink.messages == []
        clock.move_to(NOW.replace(hour=15, minute=1))
        send_digests()
        assert len(sink.to(me)) == 1

    def test_what_comes_after_ten_waits_for_the_next_day(self, news, me, sink, clock):
        news("News", hours=0)
        send_digests()
        assert sink.messages == []
        clock.shift(timedelta(days=1))
        send_digests()
        assert len(sink.to(me)) == 1

    def test_makes_one_digest_of_a_day_that_was_missed(self, news, me, sink, clock):
        news("Tuesday", hours=30)
        clock.move_to(NOW - timedelta(hours=27))
        call_command("send_digests", "--no-send", stdout=StringIO())
        clock.move_to(NOW + timedelta(hours=1))
        news("Wednesday", hours=2)
        send_digests()
        assert [message["Subject"] for message in sink.to(me)] == ["2 new items for you: Wednesday"]

    def test_comes_once_to_everybody_when_the_scheduler_is_26_hours_late(self, topic, sink, clock, settings):
        wednesday, others = published("Wednesday", parent=topic), published("Thursday", parent=topic)
        people = {zone: self.reader(zone, topic) for zone in ("Asia/Tokyo", "Europe/Berlin", "America/New_York")}
        notify(notice_of(wednesday, at=NOW - timedelta(hours=12)), *people.values())
        clock.move_to(NOW + timedelta(hours=26))  # Thursday, 12:00 UTC
        notify(notice_of(others, at=NOW + timedelta(hours=25, minutes=30)), *people.values())
        for _twice in range(2):
            send_digests()
        # In Tokyo nine in the evening is quiet, in New York it is seven in the morning.
        assert {zone: len(sink.to(someone)) for zone, someone in people.items()} == {
            "Asia/Tokyo": 0,
            "Europe/Berlin": 1,
            "America/New_York": 0,
        }
        for hours in (30, 40, 41):
            clock.move_to(NOW + timedelta(hours=hours))
            send_digests()
        for someone in people.values():
            subjects = [message["Subject"] for message in sink.to(someone)]
            assert len(subjects) == 1
            assert "Wednesday" in subjects[0] or subjects[0].startswith("2 new items")

    def test_skips_the_days_off_when_the_scheduler_comes_back_on_one(self, news, me, sink, clock):
        clock.move_to(NOW + timedelta(days=2, hours=-1))  # Friday, ten in Berlin
        news("Friday", hours=-40)
        clock.move_to(NOW + timedelta(days=3, hours=1))  # Saturday, 26 hours later
        send_digests()
        assert sink.messages == []
        clock.move_to(NOW + timedelta(days=5))
        for _twice in range(2):
            send_digests()
        assert len(sink.to(me)) == 1

    def reader(self, zone, topic):
        someone = person(first_name=zone)
        someone.email = f"{zone.partition('/')[2].lower()}@example.com"
        someone.save()
        UserProfile.objects.create(user=someone, current_time_zone=zone)
        choose(someone, topic)
        return someone

    def test_may_be_earlier_when_somebody_asks_for_it_but_not_twice(self, news, me, sink, clock):
        clock.move_to(NOW.replace(hour=7))
        news("News", hours=4)
        send_digests()
        assert sink.messages == []
        call_command("send_digests", "--early", stdout=StringIO())
        news("More", hours=3)
        clock.move_to(NOW)
        send_digests()
        assert len(sink.to(me)) == 1

    @pytest.mark.parametrize(
        ("day", "choice", "expected"),
        [
            (18, Digest.DAILY, 18),
            (18, Digest.WEEKLY, 16),
            (16, Digest.WEEKLY, 16),
            (21, Digest.DAILY, None),
            (22, Digest.WEEKLY, None),
        ],
    )
    def test_is_work_days_or_the_monday_of_the_week(self, day, choice, expected):
        due = digests.due_day(datetime(2026, 11, day, 10), choice)
        assert (due and due.day) == expected
        assert digests.due_day(datetime(2026, 11, 16, 9, 59), choice) is None

    @pytest.mark.parametrize(("choice", "number"), [(Digest.OFF, 0), (Digest.WEEKLY, 0), (Digest.DAILY, 1)])
    def test_is_as_the_person_wants_it(self, news, me, sink, choice, number):
        news("News")
        MailChoice.objects.create(person=me, digest=choice)
        send_digests()
        assert len(sink.messages) == number

    def test_is_not_in_quiet_hours(self, news, me, sink, clock):
        news("News")
        MailChoice.objects.create(person=me, quiet_from=time(9), quiet_until=time(13))
        send_digests()
        assert sink.messages == []
        clock.move_to(NOW + timedelta(hours=2, minutes=1))
        send_digests()
        assert len(sink.to(me)) == 1
        assert states() == [State.SENT]


class TestAtOnce:
    def test_reaches_whom_a_notice_reaches_at_once_and_nobody_else(self, news, me, sink, topic):
        news("News", mail=Mail.NOW)
        notice = Notification.objects.get().notice
        other = person()
        notify(notice, other, mail=Mail.DIGEST)
        assert enqueue_now(notice) == 1
        assert enqueue_now(notice) == 0
        send_all()
        [message] = sink.messages
        assert message["To"] == me.email
        assert message["Subject"] == "New in what you follow: News"
        assert list(Notification.objects.filter(is_mailed=True).values_list("person", flat=True)) == [me.pk]

    def test_waits_for_the_morning_where_it_is_night(self, news, me, sink, clock):
        UserProfile.objects.create(user=me, current_time_zone="Asia/Tokyo")
        clock.move_to(NOW.replace(hour=12))
        news("News", mail=Mail.NOW)
        enqueue_now(Notification.objects.get().notice)
        assert OutgoingMail.objects.get().due_at == NOW.replace(hour=22)
        send_all()
        assert sink.messages == []

    def test_does_not_wait_when_it_must_be_known(self, topic, me, sink, clock):
        clock.move_to(NOW.replace(day=21, hour=23))
        mark(topic, NOW + timedelta(days=5), None)
        notice = notice_of(topic, "must_know", at=NOW)
        notify(notice, me, mail=Mail.NOW)
        enqueue_now(notice)
        send_all()
        assert len(sink.to(me)) == 1


class TestWhenItLeaves:
    """What happened between writing it down and sending it counts."""

    @pytest.fixture
    def waiting(self, news):
        page = news("Secret plan")
        news("Other")
        assert digests.write_digests() == 1
        return page

    def subjects(self, sink):
        send_all()
        return [message["Subject"] for message in sink.messages]

    def test_a_page_that_was_restricted_is_not_in_it(self, waiting, sink):
        set_page_audience(waiting, None, Clause.of([segment("Finance")]), None)
        assert self.subjects(sink) == ["1 new item for you: Other"]
        assert "Secret" not in sink.messages[0].as_string()

    def test_a_page_that_was_unpublished_is_not_in_it(self, waiting, sink):
        waiting.unpublish()
        assert self.subjects(sink) == ["1 new item for you: Other"]

    def test_what_was_read_meanwhile_is_not_in_it(self, waiting, sink):
        Notification.objects.filter(notice__translation_key=waiting.translation_key).update(is_read=True)
        assert self.subjects(sink) == ["1 new item for you: Other"]

    def test_what_was_stopped_is_not_in_it(self, waiting, sink):
        row = Notification.objects.get(notice__translation_key=waiting.translation_key)
        row.notice.is_stopped = True
        row.notice.save()
        assert self.subjects(sink) == ["1 new item for you: Other"]

    def test_nothing_is_sent_when_nothing_is_left(self, waiting, sink):
        Notification.objects.update(is_read=True)
        assert self.subjects(sink) == []
        assert states() == [State.DROPPED]

    def test_somebody_who_follows_it_no_more_gets_nothing(self, waiting, sink, me, topic):
        choose(me, topic, Level.MUTED)
        assert self.subjects(sink) == []
        assert OutgoingMail.objects.get().error == "nothing"

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda me: type(me).objects.update(is_active=False), "inactive"),
            (lambda me: type(me).objects.update(email=""), "no_address"),
            (lambda me: MailChoice.objects.create(person=me, no_mail=True), "no_mail"),
            (lambda me: MailChoice.objects.create(person=me, digest=Digest.OFF), "unsubscribed"),
            (lambda me: Preference.objects.create(person=me, event="news", in_app=True, mail=Mail.NONE), "nothing"),
        ],
    )
    def test_somebody_who_left_or_does_not_want_it_gets_nothing(self, waiting, sink, me, change, reason):
        change(me)
        assert self.subjects(sink) == []
        assert OutgoingMail.objects.get().error == reason

    def test_somebody_who_was_erased_leaves_nothing_behind(self, waiting, sink, me):
        me.delete()
        assert self.subjects(sink) == []
        assert states() == []


class TestQueries:
    def test_are_as_many_for_many_people(self, topic, sink):
        def queries():
            with CaptureQueriesContext(connection) as context:
                assert digests.write_digests()
            return len(context)

        notice = notice_of(topic, at=NOW - timedelta(hours=2))
        notify(notice, person())
        few = queries()
        notify(notice, *[person() for _ in range(5)])
        assert queries() == few <= 4
