"""What the personas find in their bell: must-know pages, a message of an editor, and the newest of what they follow."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Page

from example_site.demo.access import EDITOR
from example_site.personas.personas import PERSONAS
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import MustKnow, Notice, Notification
from wagtail_personalize.streams.notifications.models import Mail
from wagtail_personalize.streams.notifications.page_events import MUST_KNOW, NEWS, SENT
from wagtail_personalize.streams.notifications.recipients import concerned
from wagtail_personalize.streams.timeline.reading import personal

User = get_user_model()

#: So many of the newest pages of what somebody follows; the first three of them are unread.
NEWEST, UNREAD = 8, 3
ASKED = "lake-party"
TEXT = "Please say until Friday whether you come, so that nobody goes hungry."


def load_notifications() -> int:
    """Returns how many notifications there are. Nothing is sent, and what somebody read stays read."""
    people = list(User.objects.filter(username__in=[persona.username for persona in PERSONAS if persona.username]))
    now = timezone.now()
    found = [
        (item.moment, someone, item.page, number >= UNREAD)
        for someone in people
        for number, item in enumerate(personal(Viewer.for_person(someone), number=NEWEST).items)
    ]
    for moment, someone, page, is_read in sorted(found, key=lambda one: one[0]):
        _tell(someone, _notice(NEWS, page, moment), is_read)
    for mark in MustKnow.objects.order_by("marked_at", "pk"):
        page = Page.objects.filter(translation_key=mark.translation_key).first()  # personalize: everybody
        _tell_all(people, _notice(MUST_KNOW, page, now - timedelta(hours=3)))
    if page := Page.objects.live().filter(slug=ASKED).first():  # personalize: everybody
        by = User.objects.filter(username=EDITOR).first()
        _tell_all(people, _notice(SENT, page, now - timedelta(hours=1), by=by, text=TEXT, to_everybody=True))
    return Notification.objects.count()


def _notice(event: str, page: Page, at: Any, **fields: Any) -> Notice:
    about = {"translation_key": page.translation_key, "at": at, "is_complete": True, **fields}
    return Notice.objects.get_or_create(event=event, key=str(page.translation_key), defaults=about)[0]


def _tell_all(people: list[Any], notice: Notice) -> None:
    """Those of these people whom the page concerns."""
    meant = set(concerned(notice).filter(pk__in=[someone.pk for someone in people]).values_list("pk", flat=True))
    for someone in people:
        if someone.pk in meant and someone.pk != notice.by_id:
            _tell(someone, notice)


def _tell(someone: Any, notice: Notice, is_read: bool = False) -> None:
    values = {"mail": Mail.DIGEST, "is_read": is_read}
    Notification.objects.get_or_create(person=someone, notice=notice, defaults=values)
