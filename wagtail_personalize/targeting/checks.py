"""System checks: what a site must have so that restrictions hold everywhere."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from wagtail_personalize.conf import get_settings

from .checks_api import check_api
from .checks_caches import check_fragments, check_page_caches
from .checks_files import check_files
from .checks_listings import check_modules, check_templates
from .editor_checks import check_explorers, check_view_as

_VIEWER = "wagtail_personalize.segments.middleware.ViewerMiddleware"
_SAME_ANSWER = "wagtail_personalize.targeting.middleware.SameAnswerMiddleware"


def check_targeting(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All quick checks of this room."""
    return [
        *_anonymous(),
        *_middleware(),
        *check_explorers(),
        *check_view_as(),
        *check_files(),
        *check_page_caches(),
        *check_api(),
    ]


def check_sources(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What reads all templates and modules of the site: only with ``check --deploy``."""
    return [*check_fragments(), *check_modules(), *check_templates()]


def _anonymous() -> list[CheckMessage]:
    if get_settings().ANONYMOUS in ("login", "404"):
        return []
    return [
        Error(
            "WAGTAIL_PERSONALIZE['ANONYMOUS'] must be 'login' or '404'.",
            id="personalize_targeting.E001",
        )
    ]


def _middleware() -> list[CheckMessage]:
    order = {path: place for place, path in enumerate(settings.MIDDLEWARE)}
    if _SAME_ANSWER not in order:
        return [
            Warning(
                "Missing and restricted pages can be told apart by their headers, and an anonymous visitor is not sent"
                " to the login.",
                hint=f"Add '{_SAME_ANSWER}' to MIDDLEWARE, right after '{_VIEWER}'.",
                id="personalize_targeting.W001",
            )
        ]
    if order[_SAME_ANSWER] < order.get(_VIEWER, -1):
        return [
            Warning(
                "SameAnswerMiddleware stands before ViewerMiddleware and asks about a viewer that is not known yet.",
                hint=f"Move '{_SAME_ANSWER}' behind '{_VIEWER}'.",
                id="personalize_targeting.W002",
            )
        ]
    return []
