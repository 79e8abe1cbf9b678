"""Why do I see this? For every item of a timeline: what brings it, and why the reader is subscribed to that."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.segments.viewer import Viewer

from ..sources.finding import find_all
from ..subscribing.models import Subscription
from ..subscribing.reasons import reasons
from .reading import Item
from .recommending import Recommended


@dataclass(frozen=True)
class Why:
    """One reason: the source, and a sentence about the subscription."""

    label: str
    url: str
    icon: str
    text: str


def because(one: Recommended) -> Why:
    """Why something stands there that the reader does not follow."""
    named = ", ".join(one.segments)
    label = _("Recommended to: %(segments)s") % {"segments": named} if named else _("Recommended to you")
    return Why(label, "", "", _("You do not follow it. At most one item in five comes like this."))


def why(items: Iterable[Item], viewer: Viewer) -> dict[int, list[Why]]:
    """By the place of each item of a personal timeline. As many queries as for one."""
    items = list(items)
    ids = {source for item in items for source in item.source_ids}
    rows = Subscription.objects.filter(person=viewer.person_id, source__in=ids) if ids else Subscription.objects.none()
    rows = list(rows.select_related("source", "rule__segment"))
    shown, told = find_all({(row.source.kind, row.source.key) for row in rows}, viewer), reasons(rows)
    said: dict[Any, Why] = {}
    for row in rows:
        if source := shown.get((row.source.kind, row.source.key)):
            text = told.get(row.pk) or _("You chose to follow it.")
            said[row.source_id] = Why(source.label, source.url, source.kind.name, text)
    return {item.key: [said[one] for one in item.source_ids if one in said] for item in items}
