"""System checks: does an API of the site give out pages that did not pass the one door?

Wagtail's own viewsets are guarded (``doors/``), and whatever builds on them. One that obtains its pages by itself, or
replaces the guarded method without calling it, is told here.
"""

from collections.abc import Iterator
from inspect import getsource
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning

from .page_tree import page_model
from .template_sources import is_installed_module
from .url_views import name_of, plain, url_views

_DOORS = ("visible(", "can_see(")


def check_api() -> Iterator[CheckMessage]:
    if not apps.is_installed("rest_framework"):
        return
    for view in url_views():
        kind = plain(view)
        if isinstance(kind, type) and not is_installed_module(kind.__module__) and _gives_out_pages(kind):
            yield Warning(
                f"{name_of(view)} gives out pages without asking who may see them.",
                hint="Build on Wagtail's PagesAPIViewSet and call super().get_base_queryset(), or return"
                " visible(queryset, viewer_for(request)).",
                obj=kind,
                id="personalize_targeting.W015",
            )


def _gives_out_pages(kind: type) -> bool:
    from wagtail.api.v2.views import PagesAPIViewSet

    if issubclass(kind, PagesAPIViewSet):
        return any(_replaces(kind, name) for name in ("get_base_queryset", "get_queryset"))
    return hasattr(kind, "get_queryset") and _lists_pages(kind) and not _asks(kind)


def _replaces(kind: type, name: str) -> bool:
    """Whether the site's own method neither calls the guarded one nor asks the door."""
    own = next((one.__dict__[name] for one in kind.__mro__ if name in one.__dict__), None)
    if own is None or is_installed_module(own.__module__):
        return False
    source = _source(own)
    return bool(source) and not any(word in source for word in ("super()", *_DOORS))


def _lists_pages(kind: type) -> bool:
    """By its queryset, its model or the model of its serializer."""
    serializer = getattr(kind, "serializer_class", None)
    models = (
        getattr(getattr(kind, "queryset", None), "model", None),
        getattr(kind, "model", None),
        getattr(getattr(serializer, "Meta", None), "model", None),
    )
    return any(isinstance(model, type) and issubclass(model, page_model()) for model in models)


def _asks(kind: type) -> bool:
    return any(word in _source(kind) for word in _DOORS)


def _source(thing: Any) -> str:
    try:
        return getsource(thing)
    except (OSError, TypeError):
        return ""
