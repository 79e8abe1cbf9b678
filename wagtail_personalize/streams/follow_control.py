"""The button *Follow*, and what stands in its place for who follows already: on any page, and in lists."""

from typing import Any

from wagtail_personalize.segments.viewer import Viewer

from .sources.kinds import Shown
from .subscribing.models import Level, Subscription
from .subscribing.reading import subscriptions_to
from .subscribing.reasons import reasons

TEMPLATE = "wagtail_personalize/streams/includes/follow.html"


def control(shown: Shown, viewer: Viewer, *, next_url: str = "", **more: Any) -> dict[str, Any]:
    """What the template of the control needs, for one source."""
    return controls([shown], viewer, next_url=next_url)[0] | more


def controls(sources: list[Shown], viewer: Viewer, *, next_url: str = "") -> list[dict[str, Any]]:
    """The same for many, in their order; as many queries as for one."""
    known = subscriptions_to((shown.name for shown in sources), viewer)
    why = reasons(known.values())
    return [as_control(shown, known.get(shown.name), why, next_url) for shown in sources]


def as_control(
    shown: Shown, subscription: Subscription | None, why: dict[int, str], next_url: str = ""
) -> dict[str, Any]:
    """The same from what was read already."""
    level = subscription.level if subscription else Level.OFF
    is_mandatory = bool(subscription and subscription.is_mandatory)
    return {
        "shown": shown,
        "level": level,
        "level_label": Level(level).label,
        "levels": [one for one in (Level.NORMAL, Level.ALL, Level.MUTED) if not (is_mandatory and one == Level.MUTED)],
        "is_mandatory": is_mandatory,
        "reason": why.get(subscription.pk, "") if subscription and level else "",
        "next_url": next_url,
        "identity": f"wp-follow-{shown.kind.name}-{shown.key}",
    }
