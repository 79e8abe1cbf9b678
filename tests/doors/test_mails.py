"""E-mail as a door: a digest and a mail at once × every kind of viewer × every place of a restriction.

Everybody was told of the page as if they could see it once, follows it and wants everything; what is looked at is what
really leaves.
"""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.utils import timezone

from wagtail_personalize.streams.mailing.digests import write_digests
from wagtail_personalize.streams.mailing.outbox import enqueue_now
from wagtail_personalize.streams.mailing.working import send_all
from wagtail_personalize.streams.models import Notice, Notification
from wagtail_personalize.streams.notifications.models import Mail
from wagtail_personalize.streams.sources.finding import name_of
from wagtail_personalize.streams.subscribing.choosing import choose
from wagtail_personalize.streams.subscribing.models import Level

from .restrictions import RESTRICTIONS, shut
from .test_hashtags import _as, prepare, tells_of
from .test_matrix import walk
from .viewers import all_viewers
from .ways import Door

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

EVENTS = ("news", "all", "must_know", "sent")


@pytest.fixture(autouse=True)
def any_time(settings):
    """It is never night, nor a day off."""
    any_time = {"WORK_DAYS": tuple(range(7)), "QUIET_HOURS": None}
    settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, **any_time}


def _sent(kind, write):
    def ask(client, page):
        someone = _as(client).user
        if not someone.is_authenticated:
            return ""
        get_user_model().objects.filter(pk=someone.pk).update(email=f"{someone.pk}@example.com")
        choose(someone.pk, name_of(page), Level.ALL)
        Notification.objects.filter(person=someone).delete()
        for notice in Notice.objects.all():
            Notification.objects.create(person=someone, notice=notice, mail=kind)
        mail.outbox.clear()
        write()
        send_all()
        return "".join(f"{one.subject}\n{one.body}\n{one.alternatives}" for one in mail.outbox)

    return ask


def _at_once():
    for notice in Notice.objects.all():
        enqueue_now(notice)


DOORS = [
    Door("digest", _sent(Mail.DIGEST, lambda: write_digests(early=True))),
    Door("mail at once", _sent(Mail.NOW, _at_once)),
]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestMails:
    def test_reach_members_only(self, restricted):
        page = shut(restricted)
        prepare(page)
        page.refresh_from_db()
        for event in EVENTS:
            key = page.translation_key
            Notice.objects.create(event=event, key="once", at=timezone.now(), translation_key=key, to_everybody=True)
        told = walk(DOORS, all_viewers(), lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}
