"""The plugin that highlights and completes hashtags, in whatever editor."""

import json
from html import unescape

import pytest
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.rich_text import features


def plugins(editor):
    """What the browser is told."""
    html = editor.render("text", "", {"id": "text"})
    told = html.split('data-w-init-detail-value="')[1].split('"')[0]
    return [plugin for plugin in json.loads(unescape(told)).get("plugins", ()) if plugin["type"] == "hashtags"]


class TestEditor:
    @pytest.mark.parametrize("names", [[], ["bold"], ["bold", "hashtags"], None], ids=str)
    def test_has_hashtags_once_whatever_its_features(self, names):
        editor = DraftailRichTextArea(features=names)
        (told,) = plugins(editor)
        assert told["url"] == "/people/hashtags/"
        assert str(editor.media).count("draftail-hashtags.js") == 1

    def test_is_told_its_words(self):
        (told,) = plugins(DraftailRichTextArea(features=[]))
        assert told["words"]["none"] == "No such hashtag yet."

    def test_only_highlights_where_hashtags_have_no_pages(self, settings):
        settings.ROOT_URLCONF = "django.contrib.auth.urls"
        (told,) = plugins(DraftailRichTextArea(features=[]))
        assert told["url"] == ""

    def test_may_be_named_by_a_site(self):
        assert features.get_editor_plugin("draftail", "hashtags")
