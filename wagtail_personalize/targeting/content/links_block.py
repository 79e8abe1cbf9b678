"""Quick links: an ordered list, each link for those whom it is meant for and who may see where it leads."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StructBlock, StructBlockValidationError

from ..blocks import AudienceStructBlock
from ..page_tree import page_model
from ..rendering import is_editing, viewer_in
from ..stream_values import shown
from ..visibility import visible
from .menu_entries import AddressBlock

_NEEDS_ONE = _("Choose a page or write an address; one of them, not both.")


class QuickLinkBlock(AudienceStructBlock):
    """One link: to a page or to any other address."""

    label = CharBlock(max_length=60, label=_("Label"))
    text = CharBlock(max_length=100, required=False, label=_("What is there"))
    page = PageChooserBlock(required=False, label=_("Page"))
    address = AddressBlock(required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["address"]):
            raise StructBlockValidationError({"page": ValidationError(_NEEDS_ONE, code="one_of_two")})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        label_format = "{label}"


class QuickLinksBlock(StructBlock):
    """A heading and the links; without any for the reader, nothing. Two queries, however many links there are."""

    heading = CharBlock(max_length=80, required=False, label=_("Heading"))
    links = ListBlock(QuickLinkBlock(), label=_("Links"))

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return context | {"links": links_for(value["links"], viewer_in(parent_context), context.get("request"))}

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        if is_editing(context):
            return super().get_api_representation(value, context=context)
        request = context.get("request") if context else None
        links = links_for(value["links"], viewer_in(context), request)
        return {"heading": value["heading"], "links": links}

    class Meta:
        icon = "list-ul"
        label = _("Quick links")
        label_format = "{heading}"
        template = "wagtail_personalize/targeting/content/quick_links.html"


def links_for(links: Any, viewer: Any, request: Any) -> list[dict[str, str]]:
    """What a viewer sees of the links, in their order: label, text and url of each."""
    kept = list(shown(links, viewer))
    keys = {link["page"].pk for link in kept if link["page"]}
    pages = page_model().objects.live().select_related("locale").filter(pk__in=keys)
    open_pages = visible(pages, viewer).in_bulk() if keys else {}
    found = []
    for link in kept:
        page = open_pages.get(link["page"].pk) if link["page"] else None
        url = page.get_url(request) if page else "" if link["page"] else link["address"]
        if url:
            found.append({"label": link["label"], "text": link["text"], "url": url})
    return found
