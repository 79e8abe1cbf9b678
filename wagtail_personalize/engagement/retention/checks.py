"""System check of how long raw events are kept."""

from typing import Any

from django.core import checks

from wagtail_personalize.conf import get_settings

MOST_DAYS = 90


def check_raw_days(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Raw events are for making figures, not for keeping."""
    days = get_settings().ENGAGEMENT_RAW_DAYS
    if isinstance(days, int) and 1 <= days <= MOST_DAYS:
        return []
    return [
        checks.Error(
            f"WAGTAIL_PERSONALIZE['ENGAGEMENT_RAW_DAYS'] is {days!r}, but it must be 1 to {MOST_DAYS} days.",
            hint="Set it to a number of days in that range, or leave it out.",
            id="personalize_engagement.E010",
        )
    ]
