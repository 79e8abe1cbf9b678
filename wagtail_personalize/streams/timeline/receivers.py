"""What happens to pages, their audiences, hashtags and sources, turned into named calls."""

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.signals import page_published, page_unpublished, post_page_move

from wagtail_personalize.hookspecs import audiences_stored, hashtags_changed
from wagtail_personalize.targeting.page_tree import page_model
from wagtail_personalize.targeting.receivers import store_when_unknown
from wagtail_personalize.targeting.wrapping import wrap

from ..formats import page_formats
from ..models import Hashtag
from ..sources.hashtags import HASHTAG
from ..sources.models import Source
from . import index


def connect() -> None:
    """Listen; called once when the app is ready, after those who find the hashtags."""
    uid = "wagtail_personalize.streams.timeline"
    page_published.connect(write_published, dispatch_uid=uid)
    page_unpublished.connect(forget_unpublished, dispatch_uid=uid)
    post_page_move.connect(write_moved, dispatch_uid=uid)
    post_delete.connect(write_family, sender=page_model(), dispatch_uid=uid)
    audiences_stored.connect(follow_audiences, dispatch_uid=uid)
    hashtags_changed.connect(write_with_hashtags, dispatch_uid=uid)
    pre_save.connect(note_synonym, sender=Hashtag, dispatch_uid=uid)
    post_save.connect(refill_hashtag, sender=Hashtag, dispatch_uid=uid)
    post_save.connect(fill_source, sender=Source, dispatch_uid=uid)
    wrap(CreatePageAliasAction, "execute", write_alias)


def write_published(instance: Any, **kwargs: Any) -> None:
    """What a page inherits is stored first: whoever holds its lock may wait for nothing else."""
    store_when_unknown(instance)
    page_formats.write([instance.translation_key])
    index.write([instance.translation_key])


def forget_unpublished(instance: Any, **kwargs: Any) -> None:
    """A page is not live any more; in other languages it may be."""
    page_formats.write([instance.translation_key])
    index.write([instance.translation_key])


def write_moved(instance: Any, parent_page_before: Any, parent_page_after: Any, **kwargs: Any) -> None:
    """Below another parent a page belongs to other topics, with everything below it."""
    if parent_page_before.pk != parent_page_after.pk:
        index.write_below(instance.path)


def write_family(instance: Any, **kwargs: Any) -> None:
    """A page is gone, its rows went with it; what it leaves in other languages may have another place now."""
    others = page_model()._base_manager.filter(translation_key=instance.translation_key, live=True)
    page_formats.write([instance.translation_key])
    if others.exists():
        index.write([instance.translation_key])


def write_alias(execute: Callable[..., Any], action: CreatePageAliasAction, *args: Any, **kwargs: Any) -> Any:
    """Wagtail does not say that an alias is live as soon as it is made."""
    alias = execute(action, *args, **kwargs)
    index.write_below(alias.path)
    return alias


def follow_audiences(*, paths: Any, **kwargs: Any) -> None:
    index.follow_audiences(paths)


def write_with_hashtags(*, page_ids: Any, **kwargs: Any) -> None:
    """Pages have other hashtags than before."""
    index.write_pages(page_ids)


def note_synonym(instance: Any, **kwargs: Any) -> None:
    """Remember what a hashtag stood for."""
    stored = Hashtag.objects.filter(pk=instance.pk).values_list("synonym_of", flat=True)
    instance._personalize_stood_for = stored.first() if instance.pk else None


def refill_hashtag(instance: Any, created: bool, **kwargs: Any) -> None:
    """A hashtag was blocked, or stands for something else now."""
    if not created:
        ids = {instance.pk, instance.synonym_of_id, instance.__dict__.pop("_personalize_stood_for", None)} - {None}
        for source in Source.objects.filter(kind=HASHTAG, key__in=list(map(str, ids))):
            index.refill(source)


def fill_source(instance: Any, created: bool, **kwargs: Any) -> None:
    """Somebody is the first to follow something."""
    if created and (instance.kind, instance.key) != index.EVERYTHING:
        index.fill(instance)
