"""The outbox: what the answers of a mail server lead to, dead workers, the queue, and what an administrator sees."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import person, user
from tests.mail_server import smtp_settings
from tests.permissions import allowed
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.streams.mailing import leasing
from wagtail_personalize.streams.mailing.models import OutgoingMail, State
from wagtail_personalize.streams.mailing.outbox import enqueue_now
from wagtail_personalize.streams.mailing.recorded import purge_mails
from wagtail_personalize.streams.mailing.working import send_all, send_due
from wagtail_personalize.streams.notifications.models import Mail

from .mailing import NOW, clock, notice_of, notify, server, sink
from .subscribing import choose
from .timeline import published

__all__ = ["clock", "server", "sink"]

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def mails():
    """Makes so many mails at once, to so many people."""

    def make(number=1):
        topic = published("Topic")
        people = []
        for place in range(number):
            someone = person()
            someone.email = f"person{place}@example.com"
            someone.save()
            choose(someone, topic)
            people.append(someone)
        notice = notice_of(published("News", parent=topic))
        notify(notice, *people, mail=Mail.NOW)
        assert enqueue_now(notice) == number
        return list(OutgoingMail.objects.order_by("pk"))

    return make


def state(mail):
    mail.refresh_from_db()
    return mail.state


class TestAnswers:
    @pytest.mark.parametrize("where", ["at_recipient", "at_data"])
    def test_not_now_means_later_and_then_it_arrives(self, mails, sink, clock, where):
        [mail] = mails()
        setattr(sink, where, ["451 Try again later"])
        send_all()
        assert state(mail) == State.WAITING
        assert "451" in mail.error
        send_all()
        assert sink.messages == []
        clock.shift(timedelta(minutes=2))
        send_all()
        assert state(mail) == State.SENT
        assert len(sink.messages) == 1

    def test_not_now_too_often_means_refused(self, mails, sink, clock):
        [mail] = mails()
        sink.at_recipient = ["450 No"] * 20
        pauses = []
        while state(mail) == State.WAITING:
            clock.move_to(max(mail.due_at, NOW))
            send_all()
            pauses.append(mail.attempts)
        assert state(mail) == State.FAILED
        assert mail.attempts == 12

    @pytest.mark.parametrize("where", ["at_recipient", "at_data"])
    def test_never_means_refused(self, mails, sink, where):
        mail, other = mails(2)
        setattr(sink, where, ["550 Nobody here"])
        send_all()
        assert (state(mail), state(other)) == (State.FAILED, State.SENT)
        assert "550" in mail.error

    def test_dropped_before_the_text_means_later(self, mails, sink):
        mail, other = mails(2)
        sink.at_recipient = ["drop"]
        send_all()
        assert (state(mail), state(other)) == (State.WAITING, State.SENT)

    @pytest.mark.parametrize(("drop", "arrived"), [("drop", 0), ("drop after taking", 1)])
    def test_dropped_after_the_text_means_unclear_and_never_again(self, mails, sink, clock, drop, arrived):
        [mail] = mails()
        sink.at_data = [drop]
        send_all()
        assert state(mail) == State.AMBIGUOUS
        clock.shift(timedelta(days=1))
        send_all()
        assert len(sink.messages) == arrived

    def test_no_mail_server_means_later(self, mails, settings):
        one, other = mails(2)
        for name, value in smtp_settings(1).items():
            setattr(settings, name, value)
        send_all()
        assert (state(one), state(other)) == (State.WAITING, State.WAITING)
        assert "refused" in one.error.lower()

    def test_one_connection_serves_many(self, mails, sink):
        mails(5)
        send_all()
        assert len(sink.messages) == 5
        assert sink.connections == 1

    def test_an_address_that_is_none_keeps_nobody_from_theirs(self, mails, sink):
        mail, other = mails(2)
        type(mail.person).objects.filter(pk=mail.person_id).update(email="a@example.com\nBcc: all@example.com")
        send_all()
        assert state(mail) == State.WAITING
        assert state(other) == State.SENT
        assert mail.attempts == 1


class TestLease:
    def test_gives_each_mail_to_one_worker(self, mails):
        mails(4)
        first, second = leasing.claim(3), leasing.claim(3)
        assert (len(first), len(second)) == (3, 1)
        assert leasing.claim(3) == []

    def test_that_is_over_gives_what_was_not_begun_to_another(self, mails, clock):
        [mail] = mails()
        [claimed] = leasing.claim(1)
        clock.shift(timedelta(minutes=11))
        [again] = leasing.claim(1)
        assert not leasing.begin(claimed, [mail.notice_id])
        assert leasing.begin(again, [mail.notice_id])

    def test_that_is_over_while_it_was_sent_parks_it(self, mails, sink, clock):
        [mail] = mails()
        [claimed] = leasing.claim(1)
        leasing.begin(claimed, [mail.notice_id])
        send_all()
        assert state(mail) == State.SENDING
        clock.shift(timedelta(minutes=11))
        send_all()
        assert state(mail) == State.AMBIGUOUS
        assert sink.messages == []
        leasing.sent(claimed)
        assert state(mail) == State.SENT, "the worker was slow, not dead"

    def test_is_given_back_by_a_worker_that_is_told_to_stop(self, mails, sink):
        mails(3)
        assert send_due(stopped=lambda: len(sink.messages) == 1) == 3
        assert len(leasing.claim(9)) == 2


@pytest.mark.once
class TestQueue:
    def test_sends_with_a_worker_of_its_own(self, sink, tmp_path):
        pytest.importorskip("django_tasks_db")
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.queue_settings",
            "QUEUE_DATABASE": str(tmp_path / "queue.sqlite3"),
            "QUEUE_MAIL_PORT": str(sink.port),
        }

        def run(*words):
            subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True, capture_output=True)

        run("manage.py", "migrate", "--run-syncdb", "--verbosity", "0")
        run("-m", "tests.faults.acts", "mail_at_once")
        assert sink.messages == []
        run("manage.py", "db_worker", "--batch")
        assert len({message["To"] for message in sink.messages}) == len(sink.messages) == 120


class TestAdministrator:
    @pytest.fixture
    def unclear(self, mails, sink):
        mail, refused, _sent = mails(3)
        sink.at_data = ["drop after taking", "554 Spam"]
        send_all()
        assert (state(mail), state(refused)) == (State.AMBIGUOUS, State.FAILED)
        return mail

    @pytest.fixture
    def admin(self, client):
        someone = allowed(user(), "view_outgoingmail")
        client.force_login(someone)
        return someone

    def page(self, client):
        return client.get(reverse("personalize_mails:index"))

    def test_sees_how_many_stand_where_and_only_what_needs_a_decision(self, unclear, admin, client):
        answer = self.page(client)
        assert answer.context["mail_counts"] == [
            ("Waiting", 0),
            ("Being sent", 0),
            ("Sent", 1),
            ("Refused", 1),
            ("Unclear", 1),
            ("Not needed any more", 0),
        ]
        assert {mail.state for mail in answer.context["object_list"]} == {State.AMBIGUOUS, State.FAILED}
        assert "Spam" in answer.content.decode()
        assert "person0" not in answer.content.decode()
        assert 'value="again"' not in answer.content.decode()

    def test_filters(self, unclear, admin, client):
        answer = client.get(reverse("personalize_mails:index"), {"state": State.AMBIGUOUS})
        assert [mail.pk for mail in answer.context["object_list"]] == [unclear.pk]

    def test_sees_names_only_with_the_permission_and_it_is_logged(self, unclear, admin, client):
        type(unclear.person).objects.filter(pk=unclear.person_id).update(first_name="Nora", last_name="Unclear")
        assert "Nora" not in self.page(client).content.decode()
        allowed(admin, "view_members")
        assert "Nora Unclear" in self.page(client).content.decode()
        assert unclear.person in LookAt.objects.get().persons.all()

    def test_needs_a_permission_to_look(self, unclear, client):
        client.force_login(allowed(user()))
        assert self.page(client).status_code == 302

    def decide(self, client, mail, what):
        return client.post(reverse("personalize_mails:decide", args=[mail.pk]), {"do": what})

    def test_may_send_it_again_or_forget_it_with_the_permission(self, unclear, admin, client, sink):
        assert self.decide(client, unclear, "again").status_code in (302, 403)
        assert state(unclear) == State.AMBIGUOUS
        allowed(admin, "resolve_outgoingmail")
        assert 'value="again"' in self.page(client).content.decode()
        assert client.get(reverse("personalize_mails:decide", args=[unclear.pk])).status_code == 405
        self.decide(client, unclear, "again")
        assert state(unclear) == State.SENT
        assert sink.messages[0]["Message-ID"] == sink.messages[-1]["Message-ID"]
        refused = OutgoingMail.objects.get(state=State.FAILED)
        self.decide(client, refused, "forget")
        assert state(refused) == State.DROPPED
        self.decide(client, refused, "again")
        assert state(refused) == State.DROPPED

    def test_costs_as_many_queries_for_many(self, mails, admin, client):
        mails(8)
        counts = []
        for number in (1, 8):
            ids = list(OutgoingMail.objects.values_list("pk", flat=True)[:number])
            OutgoingMail.objects.filter(pk__in=ids).update(state=State.FAILED, ended_at=NOW)
            self.page(client)
            with CaptureQueriesContext(connection) as context:
                self.page(client)
            counts.append(len(context))
        assert counts[0] == counts[1]


class TestRecords:
    def test_are_forgotten_after_90_days(self, mails, sink, clock):
        mails(2)
        send_all()
        clock.shift(timedelta(days=89))
        assert purge_mails() == 0
        clock.shift(timedelta(days=2))
        assert purge_mails() == 2
        assert not OutgoingMail.objects.exists()

    def test_are_told_to_the_person(self, mails, sink, client):
        [mail] = mails()
        send_all()
        client.force_login(mail.person)
        html = client.get(reverse("wagtail_personalize:recorded")).content.decode()
        assert "E-mails to you from here" in html
        assert "Sent" in html
