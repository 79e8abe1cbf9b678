"""What happens to pages, turned into named calls."""

from typing import Any

from wagtail.signals import page_published, page_unpublished

from .hashtag_uses import forget, read


def connect() -> None:
    """Listen; called once when the app is ready."""
    uid = "wagtail_personalize.streams"
    page_published.connect(read_published, dispatch_uid=uid)
    page_unpublished.connect(forget_unpublished, dispatch_uid=uid)


def read_published(instance: Any, **kwargs: Any) -> None:
    """A page that was published gets the hashtags of its live version."""
    read([instance.specific])


def forget_unpublished(instance: Any, **kwargs: Any) -> None:
    """A page that is not live has no hashtags."""
    forget([instance.pk])
