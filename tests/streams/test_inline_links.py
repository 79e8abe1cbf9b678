"""Hashtags in rich text are links on the rendered page."""

import pytest
from django.template import engines
from django.test import Client
from wagtail.rich_text import RichText

from tests.builders import page
from wagtail_personalize.streams.models import Hashtag

pytestmark = pytest.mark.django_db

LINK = '<a class="hashtag" href="/people/hashtags/news/">#News</a>'


@pytest.fixture
def shown():
    body = [("paragraph", RichText("<p>Read <b>#News</b> and <code>#code</code></p>"))]
    found = page("A page", body=body)
    return lambda: Client().get(found.url).content.decode()


class TestLink:
    def test_is_on_the_page(self, shown):
        assert LINK in shown()
        assert "<code>#code</code>" in shown()

    def test_is_made_of_every_rich_text_field(self):
        template = engines["django"].from_string("{% load wagtailcore_tags %}{{ text|richtext }}")
        assert LINK in template.render({"text": "<p>#News</p>"})

    def test_is_not_made_of_blocked_hashtags(self, shown):
        hashtag = Hashtag.objects.create(label="news", blocked=True)
        assert LINK not in shown()
        hashtag.blocked = False
        hashtag.save()
        assert LINK in shown()

    def test_is_not_made_of_what_stands_for_a_blocked_one(self, shown):
        blocked = Hashtag.objects.create(label="bad", blocked=True)
        Hashtag.objects.create(label="News", synonym_of=blocked)
        assert LINK not in shown()

    def test_costs_no_query(self, shown, django_assert_num_queries, settings):
        shown()
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "HASHTAG_LINKS": False}
        with django_assert_num_queries(number := queries(shown)) as _context:
            assert LINK not in shown()
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "HASHTAG_LINKS": True}
        with django_assert_num_queries(number):
            assert LINK in shown()


def queries(shown):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        shown()
    return len(context)
