"""Nothing that somebody types comes back as anything but text."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.builders import page
from wagtail_personalize.communities.comments import text
from wagtail_personalize.communities.models import Comment

from .commenting import address, colleague, comments_of, say, signed_in

pytestmark = pytest.mark.django_db

STRINGS = Path(__file__).parents[3] / "shared/data/blns/blns.json"

ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '"><svg/onload=alert(1)>',
    "javascript:alert(1)",
    'https://example.org/"onmouseover="alert(1)',
    "<a href='javascript:alert(1)'>x</a>",
    '<span data-mention="1"></span>',
    "\ue0001\ue001",
    "</textarea><script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<!--",
    "&lt;script&gt;",
]


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def harmless(html):
    parser = _Tags()
    parser.feed(html)
    for tag, attributes in parser.found:
        assert tag in text.TAGS, html
        assert set(attributes) <= {"href", "rel", "class", "data-mention"}, html
        assert re.match(r"(https?://|mailto:|/|$)", attributes.get("href", "")), html


class TestText:
    @pytest.mark.parametrize("typed", ATTACKS)
    def test_stays_text(self, typed):
        ada, news = colleague("Ada", "Byron"), page("News")
        comment = say(ada, news, typed + " .")
        harmless(comment.html)
        assert "<script>alert" not in comments_of(ada, news)
        form = signed_in(ada).get(f"/people/comments/{comment.pk}/").content.decode()
        assert "<script>alert" not in form

    def test_that_came_in_by_another_way_is_cleaned(self):
        html = '<p onclick="x()">a <script>1</script><a href="javascript:x">b</a><iframe src=x></iframe><b>c</b></p>'
        assert text.clean(html) == '<p>a <a rel="nofollow noopener noreferrer">b</a><b>c</b></p>'

    @pytest.mark.realdata
    @pytest.mark.skipif(not STRINGS.exists(), reason="needs the list of naughty strings")
    def test_is_harmless_and_comes_back_for_every_naughty_string(self):
        for typed in json.loads(STRINGS.read_text()):
            words = text.tidy(typed)
            html = text.to_html(words)
            harmless(html)
            assert " ".join(text.to_text(html, {}).split()) == " ".join(words.split())

    @pytest.mark.realdata
    @pytest.mark.skipif(not STRINGS.exists(), reason="needs the list of naughty strings")
    def test_never_fails(self, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "COMMENTS_PER_MINUTE": 10_000}
        ada, news = colleague("Ada", "Byron"), page("News")
        client = signed_in(ada)
        for typed in json.loads(STRINGS.read_text())[::9]:
            assert client.post(address(news), {"text": typed}).status_code < 500
        assert Comment.objects.count() > 40
        assert "onerror" not in re.sub(r"<p>.*?</p>", "", comments_of(ada, news), flags=re.DOTALL)
