"""Switching e-mails off from an e-mail: without signing in, by POST only, and telling nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.builders import person
from wagtail_personalize.streams.mailing.addresses import DIGEST, token_for
from wagtail_personalize.streams.mailing.models import Digest, MailChoice
from wagtail_personalize.streams.notifications.models import Mail, Preference

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return person()


@pytest.fixture
def strict():
    """A mail program: no cookies, and CSRF tokens are checked."""
    return Client(enforce_csrf_checks=True)


def address(token):
    return reverse("wagtail_personalize:unsubscribe", args=[token])


def body(answer):
    return re.sub(r'action="[^"]*"', "", answer.content.decode())


class TestOpening:
    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_changes_nothing(self, me, strict, method):
        getattr(strict, method)(address(token_for(me.pk, DIGEST)))
        assert not MailChoice.objects.exists()

    def test_shows_a_button(self, me, strict):
        answer = strict.get(address(token_for(me.pk, DIGEST)))
        assert answer.status_code == 200
        assert answer.content.decode().count('<button class="wp-button"') == 1
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert str(me) not in answer.content.decode()


class TestPosting:
    def test_by_the_mail_program_switches_digests_off(self, me, strict):
        url = address(token_for(me.pk, DIGEST))
        for _ in range(2):
            assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert MailChoice.objects.get().digest == Digest.OFF

    def test_switches_off_only_the_event_that_the_mail_was_about(self, me, strict):
        strict.post(address(token_for(me.pk, "sent")))
        found = Preference.objects.get()
        assert (found.person, found.event, found.in_app, found.mail) == (me, "sent", True, Mail.NONE)
        assert not MailChoice.objects.exists()

    def test_leaves_the_bell_as_it_was_chosen(self, me, strict):
        Preference.objects.create(person=me, event="sent", in_app=False, mail=Mail.NOW)
        strict.post(address(token_for(me.pk, "sent")))
        found = Preference.objects.get()
        assert (found.in_app, found.mail) == (False, Mail.NONE)


class TestToken:
    def test_that_is_worth_nothing_is_answered_like_any_other(self, me, strict):
        with time_machine.travel(datetime.now(UTC) - timedelta(days=181)):
            old = token_for(me.pk, DIGEST)
        good = token_for(me.pk, DIGEST)
        gone = token_for(10**9, DIGEST)
        strange = [token_for("x", DIGEST), token_for(me.pk, "nothing"), good[:-1] + "_", "x", old, gone]
        for method in (strict.get, strict.post):
            expected = body(method(address(good)))
            MailChoice.objects.all().delete()
            for token in strange:
                answer = method(address(token))
                assert answer.status_code == 200
                assert body(answer) == expected
        assert not MailChoice.objects.exists()
        assert not Preference.objects.exists()
