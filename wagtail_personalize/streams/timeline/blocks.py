"""The timeline and the latest articles as blocks of a page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import CharBlock, ChoiceBlock, IntegerBlock, PageChooserBlock, StructBlock

from wagtail_personalize.people.folding import text_hash
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.rendering import viewer_in

from ..formats.choosing import read_format
from ..formats.models import Format
from ..hashtags import key_of
from ..here import here
from ..models import Hashtag
from ..segment_choice import SegmentChoiceBlock
from .favourites import MOST_PAGES, favourites
from .latest import latest
from .reading import ITEMS_PER_PART
from .showing import block_shown


def segment_choices() -> list[tuple[str, str]]:
    """The segments that are in use, by their UUID."""
    return [(str(uuid), name) for uuid, name in Segment.objects.order_by("name").values_list("uuid", "name")]


def format_options() -> list[tuple[str, str]]:
    """The formats, by their names in addresses."""
    return [(one.slug, one.label) for one in Format]


class HashtagBlock(CharBlock):
    """A hashtag, with or without its sign."""

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if value and not key_of(value):
            raise ValidationError(_("Letters, digits and underscores only, with at least one letter."))
        return value


class TimelineBlock(StructBlock):
    """The reader's own timeline, with what they must know on top. Nothing for visitors."""

    heading = CharBlock(label=gettext_lazy("Heading"), required=False, max_length=100)
    number = IntegerBlock(
        label=gettext_lazy("How many at first"), default=5, min_value=1, max_value=ITEMS_PER_PART, required=False
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return context | timeline_context(context, value.get("number") or 5, value.get("heading") or "")

    class Meta:
        icon = "list-ul"
        label = gettext_lazy("My news")
        template = "wagtail_personalize/streams/timeline_block.html"


class FavouritesBlock(StructBlock):
    """What is new in the reader's favourites, each with a heading. Nothing for visitors and without favourites."""

    heading = CharBlock(label=gettext_lazy("Heading"), required=False, max_length=100)
    number = IntegerBlock(
        label=gettext_lazy("How many of each"), default=3, min_value=1, max_value=MOST_PAGES, required=False
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return context | favourites_context(context, value.get("number") or 3, value.get("heading") or "")

    class Meta:
        icon = "pick"
        label = gettext_lazy("My favourites")
        template = "wagtail_personalize/streams/favourites.html"


class LatestArticlesBlock(StructBlock):
    """The newest pages with a hashtag, below a page, or for a segment; all that is given must hold."""

    heading = CharBlock(label=gettext_lazy("Heading"), required=False, max_length=100)
    hashtag = HashtagBlock(label=gettext_lazy("With this hashtag"), required=False, max_length=65)
    section = PageChooserBlock(label=gettext_lazy("Below this page"), required=False)
    segment = SegmentChoiceBlock(
        label=gettext_lazy("For this segment"),
        choices=segment_choices,
        required=False,
        help_text=gettext_lazy("Pages that are restricted or recommended to it."),
    )
    format = ChoiceBlock(label=gettext_lazy("Of this format"), choices=format_options, required=False)
    number = IntegerBlock(label=gettext_lazy("How many"), default=5, min_value=1, max_value=20, required=False)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        segment = Segment.objects.filter(uuid=value["segment"]).first() if value.get("segment") else None
        if value.get("segment") and segment is None:
            return context | {"pages": []}  # deleted: not the news of everybody instead
        shown = articles_context(
            viewer_in(context),
            value.get("number") or 5,
            hashtag=value.get("hashtag") or "",
            section=value.get("section"),
            segment=segment,
            format=read_format(value.get("format") or ""),
        )
        return context | shown | {"heading": value.get("heading") or ""}

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        """Which page and segment it names would tell of what is hidden."""
        return None

    class Meta:
        icon = "doc-full-inverse"
        label = gettext_lazy("Latest articles")
        template = "wagtail_personalize/streams/latest.html"


def timeline_context(context: Any, number: int, heading: str = "") -> dict[str, Any]:
    """What the template of the timeline needs."""
    return block_shown(viewer_in(context), number, here(context)) | {"heading": heading}


def favourites_context(context: Any, number: int, heading: str = "") -> dict[str, Any]:
    """What the template of the favourites needs."""
    return {"favourites": favourites(viewer_in(context), number), "heading": heading}


def articles_context(viewer: Viewer, number: int, *, hashtag: str = "", **filters: Any) -> dict[str, Any]:
    """What the template of the latest articles needs. A hashtag that does not exist has no pages."""
    viewer.mark()
    if hashtag:
        filters["hashtag"] = Hashtag.objects.filter(digest=text_hash(key_of(hashtag)), blocked=False).first()
        if filters["hashtag"] is None:
            return {"pages": []}
    return {"pages": latest(viewer, number, **filters)}
