"""Ready-made blocks of this room."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import PageChooserBlock, StaticBlock, StructBlock

from wagtail_personalize.targeting.rendering import is_editing, viewer_in

from .follow_control import control
from .here import here, number_here
from .people_widgets.blocks import AnniversariesBlock, BirthdaysBlock, DoYouKnowBlock, NewColleaguesBlock
from .sources.finding import find, name_of
from .subscribing.shortcuts import shortcuts_on
from .timeline.blocks import FavouritesBlock, LatestArticlesBlock, TimelineBlock
from .timeline.recommended_pages import RecommendedPagesBlock

__all__ = [
    "AnniversariesBlock",
    "BirthdaysBlock",
    "DoYouKnowBlock",
    "FavouritesBlock",
    "FollowBlock",
    "LatestArticlesBlock",
    "NewColleaguesBlock",
    "RecommendedPagesBlock",
    "ShortcutsBlock",
    "TimelineBlock",
]


class FollowBlock(StructBlock):
    """The button *Follow*, for a page or, when none is chosen, for the page on which the block stands."""

    page = PageChooserBlock(
        required=False, label=_("Page"), help_text=_("Leave it empty for the page on which this block stands.")
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        page = value["page"] or context.get("page")
        return context | button(context, page)

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        """A program has no use for a button, and which page it is about could tell of one that is hidden."""
        return super().get_api_representation(value, context=context) if is_editing(context) else None

    class Meta:
        icon = "plus"
        label = _("Follow")
        template = "wagtail_personalize/streams/includes/follow_or_nothing.html"


class ShortcutsBlock(StaticBlock):
    """The reader's own shortcuts, which they sort themselves."""

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return context | shortcuts_context(context)

    class Meta:
        icon = "list-ul"
        label = _("My shortcuts")
        admin_text = _("Shows everybody the shortcuts that they chose among what they follow.")
        template = "wagtail_personalize/streams/shortcuts.html"


def button(context: Any, obj: Any) -> dict[str, Any]:
    """What the button needs; nothing for visitors and for what one may not follow."""
    viewer = viewer_in(context)
    if not obj or viewer.person_id is None:
        return {"shown": None}
    viewer.mark()
    shown = find(*name_of(obj), viewer)
    if shown is None:
        return {"shown": None}
    which = number_here(context, f"follow {shown.kind.name} {shown.key}")
    return control(shown, viewer, next_url=here(context), which=which)


def shortcuts_context(context: Any) -> dict[str, Any]:
    """What the widget needs."""
    viewer = viewer_in(context)
    viewer.mark()
    return {
        "shortcuts": shortcuts_on(viewer),
        "is_person": viewer.person_id is not None,
        "next_url": here(context),
        "which": number_here(context, "shortcuts"),
    }
