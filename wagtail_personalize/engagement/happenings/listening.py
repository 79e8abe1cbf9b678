"""Hears what rooms below tell: ``record()``, documents that are served, and subscriptions."""

from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, override
from wagtail.documents import get_document_model
from wagtail.documents.models import document_served

from wagtail_personalize import hookspecs
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.viewer import Viewer, viewer_for
from wagtail_personalize.streams.notifications.events import event_called
from wagtail_personalize.streams.sources.hashtags import HASHTAG
from wagtail_personalize.streams.sources.pages import PAGE
from wagtail_personalize.streams.subscribing.models import SubscriptionChange, What
from wagtail_personalize.targeting.page_tree import page_model

from ..counting.happened import Counted
from ..kinds import Kind
from ..models import Content
from . import refusing
from .counting import count, count_for

#: What ``record()`` calls them.
_KINDS = {
    "reaction": Kind.REACTION,
    "comment": Kind.COMMENT,
    "share": Kind.SHARE,
    "bookmark": Kind.BOOKMARK,
    "follow": Kind.FOLLOW,
    "download": Kind.DOWNLOAD,
}
#: Done again on the same day it is the same: on and off and on is one.
_ONCE_A_DAY = {Kind.REACTION, Kind.SHARE, Kind.BOOKMARK, Kind.FOLLOW}


def connect() -> None:
    """Called once when the app is ready."""
    refusing.connect()
    _listen(hookspecs.recorded, _recorded)
    _listen(hookspecs.subscriptions_changed, _subscribed)
    _listen(document_served, _served)
    _listen(hookspecs.mail_told, _mailed)


def _listen(signal: Any, receiver: Callable) -> None:
    signal.connect(receiver, dispatch_uid=f"wagtail_personalize.engagement.{receiver.__name__}")


def _recorded(kind: str, obj: Any, viewer: Any, **kwargs: Any) -> None:
    if not isinstance(viewer, Viewer):
        return
    if kind == "search":
        count(viewer, Counted.search(obj.words), Kind.SEARCH, value=obj.results, label=obj.words)
    elif kind == "search_opened":
        hour = f"{timezone.now():%Y-%m-%d %H}"
        count(viewer, Counted.search(obj.words), Kind.CLICK, token=f"opened {hour}", label=obj.words)
    elif kind in _KINDS and (content := _counted(obj)):
        count(viewer, content, _KINDS[kind], label=str(obj), **_named(_KINDS[kind]))


def _counted(obj: Any) -> Counted | None:
    if isinstance(obj, page_model()):
        return Counted.page(obj.translation_key)
    return Counted.document(obj.pk) if isinstance(obj, get_document_model()) else None


def _named(kind: Kind) -> dict[str, str]:
    return {"token": f"{kind.label} {today()}"} if kind in _ONCE_A_DAY else {}


def _served(sender: Any, instance: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Readers of PDF files ask for them piece by piece: what is asked for in one hour is one download."""
    if request.method == "GET":
        hour = f"{timezone.now():%Y-%m-%d %H}"
        fields = {"token": f"download {hour}", "label": instance.title}
        count(viewer_for(request), Counted.document(instance.pk), Kind.DOWNLOAD, **fields)


def _mailed(person_id: Any, mailing: str, step: str, token: str, **kwargs: Any) -> None:
    kind = {"accepted": Kind.MAIL_ACCEPTED, "clicked": Kind.MAIL_CLICK}[step]
    count_for(person_id, Counted.mailing(mailing), kind, token=token, channel="mail", label=_mailing_label(mailing))


def _mailing_label(mailing: str) -> str:
    """In the language of the site, because it is kept."""
    event = event_called(mailing)
    with override(settings.LANGUAGE_CODE):
        return str(event.label) if event else gettext("Digest")


def _subscribed(source_ids: Collection[int], person_ids: list[Any] | None, **kwargs: Any) -> None:
    """What one person began to follow by hand; what a rule did for many is nobody's doing."""
    if not person_ids or len(person_ids) != 1 or len(source_ids) != 1:
        return
    [person], [source] = person_ids, source_ids
    latest = SubscriptionChange.objects.filter(person=person, source=source).select_related("source").order_by("-pk")
    change = latest.first()
    if change is None or change.what != What.FOLLOWED:
        return
    content = _followed(change.source)
    if content is not None:
        count_for(person, content, Kind.FOLLOW, **_named(Kind.FOLLOW))


def _followed(source: Any) -> Counted | None:
    """A page or a hashtag. That somebody follows a colleague is nobody's business."""
    if source.kind == PAGE:
        return Counted.page(source.key)
    return Counted(Content.Type.HASHTAG, source.key) if source.kind == HASHTAG else None
