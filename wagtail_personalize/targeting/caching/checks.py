"""System checks: what must stand where for stored pages to be right."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from wagtail_personalize.conf import get_settings

_VIEWER = "wagtail_personalize.segments.middleware.ViewerMiddleware"
_CACHE = "wagtail_personalize.targeting.caching.middleware.PersonalizedCacheMiddleware"


def check_caching(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All checks of stored pages."""
    alias, order = get_settings().CONTENT_CACHE, list(settings.MIDDLEWARE)
    if alias is None:
        return []
    if alias not in settings.CACHES:
        return [
            Error(
                f"WAGTAIL_PERSONALIZE['CONTENT_CACHE'] names “{alias}”, which is not in CACHES.",
                id="personalize_targeting.E040",
            )
        ]
    if _CACHE not in order:
        return [
            Warning(
                "CONTENT_CACHE is set, but neither pages nor fragments are kept.",
                hint=f"Add '{_CACHE}' at the end of MIDDLEWARE.",
                id="personalize_targeting.W040",
            )
        ]
    if _VIEWER not in order[: order.index(_CACHE)]:
        return [
            Error(
                "PersonalizedCacheMiddleware must stand behind ViewerMiddleware.",
                hint=f"Move '{_CACHE}' to the end of MIDDLEWARE.",
                id="personalize_targeting.E041",
            )
        ]
    return _check_behind(order[order.index(_CACHE) + 1 :])


def _check_behind(names: list[str]) -> list[CheckMessage]:
    """What looks at the view behind ours, does so only when a page is rendered: there a check of the site is none."""
    skipped = [name for name in names if hasattr(import_string(name), "process_view")]
    if not skipped:
        return []
    return [
        Error(
            f"Asked for a page that is kept, these do not see it: {', '.join(skipped)}.",
            hint=f"Move '{_CACHE}' behind them, to the end of MIDDLEWARE.",
            id="personalize_targeting.E042",
        )
    ]
