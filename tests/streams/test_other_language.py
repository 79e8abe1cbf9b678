"""A page that is missing in the reader's language comes in another one, and says so, wherever it is listed."""

import pytest
from django.utils import translation
from wagtail.models import Locale

from tests.builders import person
from tests.streams.test_following_pages import text
from tests.streams.test_hashtag_page import signed_in
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.languages import other_language

from .subscribing import choose
from .timeline import published, translated

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return published("Topic")


@pytest.fixture
def me():
    return person()


class TestTimeline:
    def test_says_in_which_language_a_page_is_that_is_not_translated(self, topic, me):
        choose(me, topic)
        published("Only English", parent=topic)
        Locale.objects.create(language_code="nl")
        with translation.override("nl"):
            shown = text(signed_in(me), "/people/me/news/")
        assert "Only English" in shown
        assert "wp-other-language" in shown

    def test_says_nothing_of_a_page_in_the_language_that_is_shown(self, topic, me):
        choose(me, topic)
        english = published("English", parent=topic)
        translated(english)
        assert "wp-other-language" not in text(signed_in(me), "/people/me/news/")
        with translation.override("de"):
            shown = text(signed_in(me), "/people/me/news/")
        assert "wp-other-language" not in shown


class TestOtherLanguage:
    def said(self, page, me):
        return other_language(page, Viewer.for_person(me))

    def test_is_named_in_the_language_that_is_shown(self, me):
        english = published("English")
        assert self.said(english, me) == ""
        with translation.override("nl"):
            assert "Engels" in self.said(english, me)

    def test_is_nothing_on_a_site_with_one_language(self, me, settings):
        settings.WAGTAIL_I18N_ENABLED = False
        with translation.override("nl"):
            assert self.said(published("English"), me) == ""

    def test_costs_one_query_for_all_pages_of_a_request(self, me, django_assert_num_queries):
        pages, viewer = [published(f"Page {number}") for number in range(3)], Viewer.for_person(me)
        with translation.override("nl"), django_assert_num_queries(1):
            assert all(other_language(page, viewer) for page in pages)
