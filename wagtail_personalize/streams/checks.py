"""System checks: what a site must have so that hashtags, buttons and mails lead somewhere."""

from typing import Any

from django.core.checks import CheckMessage, Warning
from django.urls import NoReverseMatch, reverse

from wagtail_personalize.conf import get_settings


def check_streams(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All checks of this room."""
    found: list[CheckMessage] = []
    if get_settings().HASHTAG_LINKS and not _is_there("hashtag", "a"):
        found.append(
            Warning(
                "Hashtags have no pages, so they stay plain text.",
                hint="Include 'wagtail_personalize.urls' in the site's URLs, or set HASHTAG_LINKS to False.",
                id="personalize_streams.W001",
            )
        )
    if not _is_there("unsubscribe", "a"):
        found.append(
            Warning(
                "Mails leave without a way to unsubscribe, because the site has no address for it.",
                hint="Include 'wagtail_personalize.urls' in the site's URLs; without it mails count as spam.",
                id="personalize_streams.W002",
            )
        )
    return found


def _is_there(name: str, *args: str) -> bool:
    try:
        reverse(f"wagtail_personalize:{name}", args=args)
    except NoReverseMatch:
        return False
    return True
