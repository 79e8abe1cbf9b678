"""What happens to pages, hashtags, people and segments, turned into named calls."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.signals import page_published, page_unpublished

from wagtail_personalize.hookspecs import memberships_changed
from wagtail_personalize.segments import versions
from wagtail_personalize.targeting.page_tree import page_model

from . import hashtag_uses
from .automatic.applying import apply
from .automatic.models import Mode, SubscriptionRule
from .hashtag_uses import read
from .models import Hashtag
from .notifications import receivers as notifications
from .sources.colleagues import PERSON
from .sources.ending import forget, forget_missing, merge
from .sources.finding import source_for
from .sources.hashtags import HASHTAG
from .sources.models import Source
from .sources.pages import PAGE
from .subscribing.choosing import SUBSCRIPTIONS
from .timeline import receivers as timeline


def connect() -> None:
    """Listen; called once when the app is ready."""
    uid = "wagtail_personalize.streams"
    page_published.connect(read_published, dispatch_uid=uid)
    page_unpublished.connect(forget_unpublished, dispatch_uid=uid)
    memberships_changed.connect(apply_rules, dispatch_uid=uid)
    pre_delete.connect(before_pages_deleted, sender=page_model(), dispatch_uid=uid)
    post_delete.connect(forget_page, sender=page_model(), dispatch_uid=uid)
    post_delete.connect(forget_hashtag, sender=Hashtag, dispatch_uid=uid)
    post_delete.connect(forget_person, sender=get_user_model(), dispatch_uid=uid)
    post_save.connect(follow_synonym, sender=Hashtag, dispatch_uid=uid)
    timeline.connect()
    notifications.connect()


def read_published(instance: Any, **kwargs: Any) -> None:
    """A page that was published gets the hashtags of its live version."""
    read([instance.specific])


def forget_unpublished(instance: Any, **kwargs: Any) -> None:
    """A page that is not live has no hashtags."""
    hashtag_uses.forget([instance.pk])


def apply_rules(*, segment_ids: Any, person_ids: Any, **kwargs: Any) -> None:
    """Memberships changed: what rules give changes in the same transaction."""
    rules = SubscriptionRule.objects.filter(mode__gte=Mode.ON)
    rules = rules if segment_ids is None else rules.filter(segment__in=segment_ids)
    if sources := set(rules.values_list("source", flat=True)):
        apply(sources, person_ids)


def before_pages_deleted(origin: Any, **kwargs: Any) -> None:
    """Once for each deletion: its lock comes before the one of the audiences, as for who is the first to follow."""
    if not hasattr(origin, "_personalize_subscriptions_held"):
        origin._personalize_subscriptions_held = True
        versions.hold(SUBSCRIPTIONS)


def forget_page(instance: Any, **kwargs: Any) -> None:
    """A page is gone; in other languages it may still be there."""
    forget_missing(PAGE, [str(instance.translation_key)])


def forget_hashtag(instance: Any, **kwargs: Any) -> None:
    forget(HASHTAG, [str(instance.pk)])


def forget_person(instance: Any, **kwargs: Any) -> None:
    """Somebody is gone; their own subscriptions went with them."""
    forget(PERSON, [str(instance.pk)])


def follow_synonym(instance: Any, **kwargs: Any) -> None:
    """A hashtag became a synonym: who follows it follows what it stands for."""
    if instance.synonym_of_id and (old := Source.objects.filter(kind=HASHTAG, key=str(instance.pk)).first()):
        merge(old, source_for((HASHTAG, str(instance.synonym_of_id))))
