"""What happens to pages, marks and subscriptions, turned into named calls."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.signals import page_published

from wagtail_personalize.hookspecs import subscriptions_changed

from ..timeline.models import MustKnow
from .publishing import tell_must_know, tell_published
from .telling import is_quiet

#: With more people than this, all that rules gave today is looked through instead of theirs.
_NAMED = 5_000


def connect() -> None:
    """Listen; called once when the app is ready, after the timeline does."""
    uid = "wagtail_personalize.streams.notifications"
    page_published.connect(tell_news, dispatch_uid=uid)
    post_save.connect(tell_marked, sender=MustKnow, dispatch_uid=uid)
    subscriptions_changed.connect(tell_subscribed, dispatch_uid=uid)


def tell_news(instance: Any, revision: Any = None, alias: bool = False, **kwargs: Any) -> None:
    """A page was published, perhaps for the first time."""
    if not alias:
        tell_published(instance, by=getattr(revision, "user_id", None) or instance.owner_id)


def tell_marked(instance: MustKnow, created: bool, **kwargs: Any) -> None:
    """A page is must-know now."""
    if created:
        tell_must_know(instance)


def tell_subscribed(*, source_ids: Any, person_ids: Any, **kwargs: Any) -> None:
    """Rules may have subscribed somebody."""
    if is_quiet():
        return
    from .tasks import tell_who_was_subscribed

    people = None if person_ids is None or len(person_ids) > _NAMED else list(map(str, person_ids))
    day = timezone.localdate().isoformat()
    transaction.on_commit(partial(tell_who_was_subscribed.enqueue, day, sorted(source_ids), people))
