"""Ready-made blocks for text with placeholders.

body = StreamField([("greeting", PersonalTextBlock()), ("text", PersonalRichTextBlock(features=[…]))])
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, FieldBlock, RichTextBlock, TextBlock
from wagtail.rich_text import RichText, get_text_for_indexing

from ..rendering import is_editing, viewer_in
from .personal_text import PersonalRichText, PersonalText, impersonal_text, personalized
from .placeholders import refuse_unknown

_HELP = _("{first_name|colleague} becomes the reader's first name, or “colleague” where there is none.")


class PersonalBlock(FieldBlock):
    """What the three blocks have in common."""

    def __init__(self, *, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(validators=[*validators, refuse_unknown], **kwargs)

    def render_basic(self, value: Any, context: Any = None) -> str:
        return personalized(value, viewer_in(context))

    def get_description(self) -> str:
        return super().get_description() or str(_HELP)


class PersonalPlainBlock(PersonalBlock):
    """Plain text; one line or several."""

    def to_python(self, value: Any) -> PersonalText:
        return PersonalText(value or "")

    def bulk_to_python(self, values: Any) -> list[PersonalText]:
        return [self.to_python(value) for value in values]

    def normalize(self, value: Any) -> PersonalText:
        return PersonalText(value or "")

    def value_from_form(self, value: Any) -> PersonalText:
        return PersonalText(value or "")

    def value_for_form(self, value: Any) -> str:
        return _plain(value)

    def get_prep_value(self, value: Any) -> str:
        return _plain(value)

    def get_searchable_content(self, value: Any) -> list[str]:
        return [impersonal_text(value)] if self.search_index else []

    def get_api_representation(self, value: Any, context: Any = None) -> str:
        return _plain(value) if is_editing(context) else impersonal_text(value)


class PersonalCharBlock(PersonalPlainBlock, CharBlock):
    """A line of text with placeholders."""

    class Meta:
        icon = "user"
        label = _("Personal line")


class PersonalTextBlock(PersonalPlainBlock, TextBlock):
    """Several lines of text with placeholders."""

    class Meta:
        icon = "user"
        label = _("Personal text")


class PersonalRichTextBlock(PersonalBlock, RichTextBlock):
    """Rich text with placeholders."""

    def to_python(self, value: Any) -> PersonalRichText:
        return PersonalRichText(value)

    def normalize(self, value: Any) -> PersonalRichText:
        return PersonalRichText(value.source if isinstance(value, RichText) else value and str(value))

    def value_from_form(self, value: Any) -> PersonalRichText:
        return PersonalRichText(value)

    def get_searchable_content(self, value: Any) -> list[str]:
        return [get_text_for_indexing(value.impersonal())] if self.search_index else []

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        if is_editing(context):
            return super().get_api_representation(value, context=context)
        return super().get_api_representation(RichText(value.impersonal()), context=context)

    class Meta:
        icon = "pilcrow"
        label = _("Personal rich text")


def _plain(value: Any) -> str:
    """What the editor wrote, as an ordinary text."""
    return str(value or "")


#: In migrations these are the blocks of Wagtail that they extend.
DECONSTRUCT_ALIASES = {
    PersonalCharBlock: "wagtail.blocks.CharBlock",
    PersonalTextBlock: "wagtail.blocks.TextBlock",
    PersonalRichTextBlock: "wagtail.blocks.RichTextBlock",
}
