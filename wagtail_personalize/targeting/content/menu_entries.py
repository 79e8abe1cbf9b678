"""What stands in a menu: pages, other addresses, and groups of these; each may be meant for somebody."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, PageChooserBlock, StreamBlock

from ..blocks import AudienceStructBlock

_ADDRESS = re.compile(r"(/(?![/\\])|#|https?://|mailto:|tel:)[^\s\\]*")


def refuse_address(address: str) -> None:
    """Raise ``ValidationError`` for whatever is not an address of this site, the web, an e-mail or a telephone."""
    if not _ADDRESS.fullmatch(address):
        raise ValidationError(
            _("Begin the address with “/”, “https://”, “mailto:” or “tel:”, and leave out spaces."), code="address"
        )


class AddressBlock(CharBlock):
    """An address inside or outside of the site."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, validators=[refuse_address], **kwargs)

    class Meta:
        icon = "link"
        label = _("Address")


class MenuPageBlock(AudienceStructBlock):
    """A page of the site, for those who may see it."""

    page = PageChooserBlock(label=_("Page"))
    label = CharBlock(required=False, max_length=60, label=_("Label"), help_text=_("Else the title of the page."))
    with_children = BooleanBlock(
        required=False, label=_("With the pages below it"), help_text=_("Those that are shown in menus.")
    )

    class Meta:
        icon = "doc-empty"
        label = _("Page")
        label_format = "{page} {label}"


class MenuLinkBlock(AudienceStructBlock):
    """Any other address."""

    label = CharBlock(max_length=60, label=_("Label"))
    address = AddressBlock()

    class Meta:
        icon = "link"
        label = _("Address")
        label_format = "{label}"


class MenuGroupBlock(AudienceStructBlock):
    """Entries under a heading; without any for the reader, the heading is not shown either."""

    label = CharBlock(max_length=60, label=_("Label"))
    entries = StreamBlock([("page", MenuPageBlock()), ("link", MenuLinkBlock())], label=_("Entries"))

    class Meta:
        icon = "list-ul"
        label = _("Group")
        label_format = "{label}"


class MenuEntriesBlock(StreamBlock):
    """A whole menu."""

    page = MenuPageBlock()
    link = MenuLinkBlock()
    group = MenuGroupBlock()


DECONSTRUCT_ALIASES = {AddressBlock: "wagtail.blocks.CharBlock"}
