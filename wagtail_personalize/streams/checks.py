"""System checks: what a site must have so that hashtags lead somewhere."""

from typing import Any

from django.core.checks import CheckMessage, Warning
from django.urls import NoReverseMatch, reverse

from wagtail_personalize.conf import get_settings


def check_streams(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All checks of this room."""
    if not get_settings().HASHTAG_LINKS:
        return []
    try:
        reverse("wagtail_personalize:hashtag", args=["a"])
    except NoReverseMatch:
        return [
            Warning(
                "Hashtags have no pages, so they stay plain text.",
                hint="Include 'wagtail_personalize.urls' in the site's URLs, or set HASHTAG_LINKS to False.",
                id="personalize_streams.W001",
            )
        ]
    return []
