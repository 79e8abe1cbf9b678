"""Hangs all of it into Django and Wagtail; called once, when the app is ready."""

from collections.abc import Callable
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models.signals import post_delete, post_save

from wagtail_personalize.segments.usage import register_usage

from ..visibility import register_door
from ..wrapping import wrap
from .memory import forget, kept_in_memory
from .own_values import impersonal
from .targeted import TargetedMixin
from .targeted_door import can_see_targeted, visible_targeted
from .usage import content_with_segment


def attach() -> None:
    from . import recorded  # noqa: F401

    register_door(TargetedMixin, can_see_targeted, visible_targeted)
    register_usage(content_with_segment)
    wrap(Feed, "__call__", _feed)
    for model in kept_in_memory():
        for signal in (post_save, post_delete):
            signal.connect(forget, sender=model, dispatch_uid="wagtail_personalize.targeting.content")


def _feed(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with impersonal():
        return original(*args, **kwargs)
