"""Builders for what leaves by e-mail."""

from django.utils import timezone

from wagtail_personalize.streams.notifications.models import Mail, Notice, Notification


def notice_of(page, event="news", *, at=None, **fields):
    """A notice about a page."""
    at = at or timezone.now()
    key = fields.pop("key", f"test:{page.translation_key}:{Notice.objects.count()}")
    return Notice.objects.create(event=event, key=key, translation_key=page.translation_key, at=at, **fields)


def notify(notice, *people, mail=Mail.DIGEST, **fields):
    """Reach these people with it."""
    rows = [Notification(person=person, notice=notice, mail=mail, **fields) for person in people]
    return Notification.objects.bulk_create(rows)
