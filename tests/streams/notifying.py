"""Publishing with everything that follows from it, in tests, and what somebody is told."""

from contextlib import contextmanager

from django.test import TestCase

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.notifications.models import Notification
from wagtail_personalize.streams.notifications.reading import part, unread

from .timeline import published


@contextmanager
def afterwards():
    """What waits for the end of a transaction happens at the end of this block."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield


def publish(title="News", **fields):
    """A page is published, and everybody is told."""
    with afterwards():
        return published(title, **fields)


def told(someone):
    """The events and titles in somebody's bell."""
    return [(one.told.notice.event, one.told.title) for one in part(Viewer.for_person(someone)).entries]


def told_unread(someone):
    return [one.told.title for one in unread(Viewer.for_person(someone))]


def stored(someone):
    """The event, whether it is in the bell, and the way of the mail, of everything that is stored for somebody."""
    rows = Notification.objects.filter(person=someone).order_by("pk")
    return [(row.notice.event, row.in_app, row.mail) for row in rows.select_related("notice")]
