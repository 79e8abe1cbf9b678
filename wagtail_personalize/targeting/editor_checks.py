"""System checks of what editors use: the explorer, and the live site as somebody else sees it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from wagtail import hooks

VIEWER = "wagtail_personalize.segments.middleware.ViewerMiddleware"
VIEW_AS = "wagtail_personalize.targeting.view_as.ViewAsMiddleware"


def check_explorers() -> list[CheckMessage]:
    """A ``PageViewSet`` of the site replaces ours for its page types: it needs the mixin."""
    from wagtail.admin.viewsets.pages import PageViewSet, base_page_viewset

    return [
        Warning(
            f"{type(viewset).__name__} shows pages in the explorer without their audiences.",
            hint="Derive it from wagtail_personalize.targeting.admin.explorer.AudiencesInListing first.",
            obj=type(viewset),
            id="personalize_targeting.W020",
        )
        for viewset in _registered()
        if isinstance(viewset, PageViewSet)
        and viewset is not base_page_viewset
        and not getattr(viewset, "shows_audiences", False)
    ]


def check_view_as() -> list[CheckMessage]:
    """Whoever sees the site as somebody else must do so for all that comes behind the viewer's middleware."""
    order = list(settings.MIDDLEWARE)
    if VIEW_AS not in order or (VIEWER in order and order.index(VIEW_AS) == order.index(VIEWER) + 1):
        return []
    return [
        Warning(
            "ViewAsMiddleware does not stand right behind ViewerMiddleware, so something may ask another viewer.",
            hint=f"Move '{VIEW_AS}' to the place after '{VIEWER}'.",
            id="personalize_targeting.W021",
        )
    ]


def _registered() -> Iterator[Any]:
    for hook in hooks.get_hooks("register_admin_viewset"):
        found = hook()
        yield from found if isinstance(found, list | tuple) else [found]
