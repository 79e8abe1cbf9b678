"""Hashtags in Draftail: highlighted while they are typed, and completed from those that exist.

A plugin of the editor, so that nothing of it is stored: what is written stays plain text, and whether it is a hashtag
is decided again when the page is published. Every editor gets it, whatever its feature set; a site may also name the
feature ``hashtags`` itself.
"""

from collections.abc import Callable
from typing import Any

from django.forms import Media
from django.urls import NoReverseMatch, reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea
from wagtail.admin.rich_text.editors.draftail.features import PluginFeature
from wagtail.admin.staticfiles import versioned_static
from wagtail.rich_text.feature_registry import FeatureRegistry

from wagtail_personalize.targeting.wrapping import wrap

FEATURE = "hashtags"
_FILES = "wagtail_personalize/streams/draftail-hashtags"

#: What a screen reader is told.
_WORDS = {
    "list": _("Hashtags"),
    "none": _("No such hashtag yet."),
    "one": _("One hashtag. Choose it with the arrow keys and Enter, Escape closes the list."),
    "some": _("%(number)s hashtags. Choose with the arrow keys and Enter, Escape closes the list."),
}


class HashtagsFeature(PluginFeature):
    """Tells the editor where it asks for hashtags, and its words in the language of the editor."""

    def __init__(self) -> None:
        super().__init__({"type": FEATURE, "url": _address_lazy(), "words": _WORDS})

    @property
    def media(self) -> Media:
        return Media(js=[versioned_static(f"{_FILES}.js")], css={"all": [versioned_static(f"{_FILES}.css")]})


def _address() -> str:
    """Where existing hashtags are found; empty when the site has no pages of hashtags."""
    try:
        return reverse("wagtail_personalize:suggest_hashtags")
    except NoReverseMatch:
        return ""


_address_lazy = lazy(_address, str)
_feature = HashtagsFeature()


def register(features: FeatureRegistry) -> None:
    """For the hook ``register_rich_text_features``."""
    features.register_editor_plugin("draftail", FEATURE, _feature)


def attach() -> None:
    """Give it to every editor."""
    wrap(DraftailRichTextArea, "__init__", _with_hashtags)


def _with_hashtags(original: Callable[..., None], editor: DraftailRichTextArea, *args: Any, **kwargs: Any) -> None:
    original(editor, *args, **kwargs)
    if _feature not in editor.plugins:
        _feature.construct_options(editor.options)
        editor.plugins.append(_feature)
