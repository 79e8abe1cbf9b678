"""The doors of notifications × every kind of viewer × every place of a restriction.

Everybody was told of the page, as if they could see it once; and is told nothing when it is published to them anew.
"""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Page

from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.streams.models import Notice, Notification
from wagtail_personalize.streams.notifications import recipients
from wagtail_personalize.streams.notifications.models import Mail
from wagtail_personalize.streams.notifications.reading import for_mail, pages_of, waiting_for_digest
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.models import Level, Subscription
from wagtail_personalize.streams.timeline.index import refresh

from .restrictions import RESTRICTIONS, shut
from .test_hashtags import SECRET, _as, _template, prepare, tells_of
from .test_matrix import walk
from .viewers import all_viewers
from .ways import Door, asking, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

LIST = "/people/me/notifications/"
EVENTS = ("news", "must_know", "sent", "subscribed")


def _told(ask):
    """Ask as somebody who was told of everything."""

    def asked(client, page):
        someone = _as(client).user
        if someone.is_authenticated:
            for notice in Notice.objects.all():
                values = {"mail": Mail.DIGEST, "is_read": False}
                Notification.objects.update_or_create(person=someone, notice=notice, defaults=values)
        return ask(client, page)

    return asked


def _unread(client, page):
    answers = _template("{% notification_bell %}")(client, page), text_of(client.get(f"{LIST}bell/"))
    return SECRET if any("unread" in answer for answer in answers) else ""


def _post(what):
    def ask(client, page):
        rows = Notification.objects.filter(person=_as(client).user.pk)
        return "".join(
            text_of(client.post(f"{LIST}{pk}/{what}/", headers={"HX-Request": "true"}))
            for pk in rows.values_list("pk", flat=True)
        )

    return ask


def _mail(client, page):
    viewer = viewer_for(_as(client))
    notices = waiting_for_digest([viewer.person_id]).get(viewer.person_id, []) if viewer.person_id else []
    return f"{for_mail(notices, viewer)}{[found.title for found in pages_of(notices, viewer).values()]}"


DOORS = [
    Door("list", _told(asking(LIST))),
    Door("part of the list", _told(asking(f"{LIST}?after=999999999"))),
    Door("bell", _told(_unread)),
    Door("opening", _told(_post("open"))),
    Door("marking as read", _told(_post("read"))),
    Door("mails", _told(_mail)),
    Door("what is recorded about me", _told(asking("/people/me/recorded/"))),
]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestDoors:
    def test_are_shut_for_all_but_members(self, restricted):
        page = shut(restricted)
        prepare(page)
        page.refresh_from_db()
        source = source_for(name_of(page))
        for event in EVENTS:
            about = {"source": source} if event == "subscribed" else {"translation_key": page.translation_key}
            Notice.objects.create(event=event, key="once", at=timezone.now(), **about)
        people = all_viewers()
        told = walk(DOORS, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}
        members = get_user_model().objects.filter(is_active=True, staff__department="Finance", staff__level=2)
        assert _fan_out(page) == {member.pk for member in members}


def _fan_out(page):
    """Who would be told if all followed it."""
    Page.objects.filter(first_published_at=None, live=True).update(first_published_at=timezone.now())
    source = source_for(name_of(page))
    refresh()
    Subscription.objects.bulk_create(
        Subscription(person=one, source=source, own=Level.NORMAL, level=Level.NORMAL, since=timezone.now())
        for one in get_user_model().objects.all()
    )
    notice = Notice.objects.get(event="news")
    following = set(recipients.following(notice, Level.NORMAL).values_list("pk", flat=True))
    concerned = set(recipients.concerned(notice).values_list("pk", flat=True))
    assert concerned <= following
    return following
