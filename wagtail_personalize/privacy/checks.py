"""System checks of the privacy floor."""

from typing import Any

from django.core import checks

from wagtail_personalize.conf import get_settings

LEAST_FLOOR = 5


def check_floor(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """The floor may be raised, never lowered."""
    if get_settings().FLOOR >= LEAST_FLOOR:
        return []
    return [
        checks.Error(
            f"WAGTAIL_PERSONALIZE['FLOOR'] is {get_settings().FLOOR}, but no group smaller than {LEAST_FLOOR} people "
            "may be published.",
            hint=f"Set FLOOR to {LEAST_FLOOR} or more, or leave it out.",
            id="personalize_privacy.E001",
        )
    ]


def check_measurement(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A word that nobody knows must not mean the weaker rules."""
    chosen = get_settings().MEASUREMENT
    if chosen in ("standard", "works_council", "off"):
        return []
    return [
        checks.Error(
            f"WAGTAIL_PERSONALIZE['MEASUREMENT'] is {chosen!r}; until it is corrected nothing is measured.",
            hint='Set it to "standard", "works_council" or "off".',
            id="personalize_privacy.E002",
        )
    ]
