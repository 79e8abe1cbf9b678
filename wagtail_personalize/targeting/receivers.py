"""What happens to pages, turned into named calls."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.signals import page_published, post_page_move

from wagtail_personalize.segments import shared_cache

from .actions import changed
from .aliases import keep_restrictions
from .models import EffectiveAudience, PageAudience
from .page_tree import page_model, within

_ALIAS_FIELDS = {"alias_of", "alias_of_id"}


def connect() -> None:
    """Listen; called once when the app is ready."""
    uid = "wagtail_personalize.targeting"
    page_published.connect(store_when_unknown, dispatch_uid=uid)
    post_page_move.connect(follow_move, dispatch_uid=uid)
    pre_save.connect(before_page_save, dispatch_uid=uid)
    post_save.connect(after_page_save, dispatch_uid=uid)
    pre_delete.connect(before_pages_deleted, sender=page_model(), dispatch_uid=uid)
    post_delete.connect(after_pages_deleted, sender=page_model(), dispatch_uid=uid)


def store_when_unknown(instance: Model, **kwargs: Any) -> None:
    """A page that is published gets its stored audience."""
    if not EffectiveAudience.objects.filter(page_id=instance.pk).exists():
        changed([instance.pk])


def follow_move(instance: Model, parent_page_before: Model, parent_page_after: Model, **kwargs: Any) -> None:
    """A page below another parent inherits something else; among its siblings it does not."""
    if parent_page_before.pk != parent_page_after.pk:
        changed([instance.pk])


def before_page_save(instance: Any, raw: bool, update_fields: Iterable[str] | None, **kwargs: Any) -> None:
    """Before an alias becomes an ordinary page, or follows another source, its restrictions become its own."""
    if raw or not isinstance(instance, page_model()) or instance._state.adding:
        return
    if update_fields is not None and _ALIAS_FIELDS.isdisjoint(update_fields):
        return
    stored = page_model()._base_manager.filter(pk=instance.pk).values_list("alias_of_id", "path").first()
    if stored and stored[0] != instance.alias_of_id:
        instance._personalize_source_changed = True
        if stored[0] is not None:
            keep_restrictions([stored[1]])


def after_page_save(instance: Any, **kwargs: Any) -> None:
    """An alias that follows another source than before, or none, inherits something else."""
    if instance.__dict__.pop("_personalize_source_changed", False):
        changed([instance.pk])


def before_pages_deleted(instance: Model, origin: Any, **kwargs: Any) -> None:
    """Once for all pages of one deletion: aliases elsewhere keep their restrictions, choices go with their pages."""
    if hasattr(origin, "_personalize_orphans"):
        return
    pages = page_model()._base_manager.order_by()
    if isinstance(origin, QuerySet) and issubclass(origin.model, page_model()):
        gone = pages.filter(pk__in=origin.order_by().values("pk"))
    else:
        gone = pages.filter(within([instance.path]))
    orphans = dict(pages.filter(alias_of__in=gone).exclude(pk__in=gone).values_list("pk", "path"))
    keep_restrictions(orphans.values())
    left = pages.exclude(pk__in=gone).values("translation_key")
    PageAudience.objects.filter(translation_key__in=gone.values("translation_key")).exclude(
        translation_key__in=left
    ).delete()
    origin._personalize_orphans = list(orphans)


def after_pages_deleted(origin: Any, **kwargs: Any) -> None:
    """Aliases that lost their source are brought up to date, once."""
    if orphans := getattr(origin, "_personalize_orphans", None):
        origin._personalize_orphans = []
        changed(orphans)
    shared_cache.forget_on_commit()
