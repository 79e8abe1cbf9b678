"""Values of text blocks with placeholders.

In a template they *are* the filled text, escaped, for whoever it is rendered for. Python code sees what the editor
wrote, so editing, copying and comparing lose nothing.
"""

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer

from .own_values import values_for
from .placeholders import fill_html, fill_text, has_placeholders, nobody


class PersonalText(str):
    """Plain text with placeholders."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        return personalized(self, current_viewer())


class PersonalRichText(RichText):
    """Rich text with placeholders."""

    def __html__(self) -> SafeString:
        return filled_html(super().__html__(), current_viewer())

    def impersonal(self) -> str:
        """The source with the fallbacks in the places of the placeholders."""
        return fill_html(self.source, nobody)


def personalized(value: Any, viewer: Viewer) -> SafeString:
    """Any text of a template with its placeholders filled: plain text is escaped, safe HTML and rich text stay HTML."""
    if isinstance(value, RichText):
        return filled_html(RichText.__html__(value), viewer)
    if hasattr(value, "__html__") and not isinstance(value, PersonalText):
        return filled_html(value.__html__(), viewer)
    return filled_html(escape(str(value)), viewer)


def filled_html(html: str, viewer: Viewer) -> SafeString:
    # Whoever calls this passes HTML that is safe; what is put in is escaped.
    return mark_safe(fill_html(html, values_for(viewer)) if has_placeholders(html) else html)


def impersonal_text(value: Any) -> str:
    """Plain text with the fallbacks, for indexes and interfaces."""
    return fill_text(str(value), nobody)
