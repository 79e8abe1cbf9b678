"""The pages that are recommended to the reader and that they have not put away yet, as a block of a page."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, IntegerBlock, StructBlock

from wagtail_personalize.targeting.rendering import viewer_in

from ..here import here
from .looks import RECOMMENDED, last_look
from .recommending import recommended

MOST = 20


class RecommendedPagesBlock(StructBlock):
    """Unseen and not older than 30 days, ranked. Nothing for visitors, and nothing when there are none."""

    heading = CharBlock(label=_("Heading"), required=False, max_length=100)
    number = IntegerBlock(label=_("How many"), default=5, min_value=1, max_value=MOST, required=False)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return context | recommended_context(context, value.get("number") or 5, value.get("heading") or "")

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        """It depends on the reader."""
        return None

    class Meta:
        icon = "pick"
        label = _("Recommended pages")
        template = "wagtail_personalize/streams/recommended.html"


def recommended_context(context: Any, number: int, heading: str = "") -> dict[str, Any]:
    """What the template needs. What is newer than the last *mark all as seen* counts as unseen."""
    viewer = viewer_in(context)
    viewer.mark()
    if viewer.person_id is None:
        return {"pages": []}
    look = 0 if viewer.is_preview else last_look(viewer, RECOMMENDED)
    found = recommended(viewer, min(number, MOST), least=look + 1, whole=False)
    return {
        "pages": found,
        "newest": max((one.item.key for one in found), default=0),
        "list": RECOMMENDED,
        "heading": heading,
        "next_url": here(context),
        "may_look": bool(found) and not viewer.is_preview,
    }
