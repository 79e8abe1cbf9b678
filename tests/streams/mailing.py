"""A mail server, a clock, and builders for what leaves by e-mail."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from tests.mail_server import mail_server
from wagtail_personalize.streams.notifications.models import Mail, Notice, Notification

#: A Wednesday; in Berlin it is eleven.
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def server():
    with mail_server() as sink:
        yield sink


@pytest.fixture
def sink(server):
    server.clear()
    return server


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


def notice_of(page, event="news", *, at=None, **fields):
    """A notice about a page."""
    at = at or timezone.now()
    key = fields.pop("key", f"test:{page.translation_key}:{Notice.objects.count()}")
    return Notice.objects.create(event=event, key=key, translation_key=page.translation_key, at=at, **fields)


def notify(notice, *people, mail=Mail.DIGEST, **fields):
    """Reach these people with it."""
    rows = [Notification(person=person, notice=notice, mail=mail, **fields) for person in people]
    return Notification.objects.bulk_create(rows)
