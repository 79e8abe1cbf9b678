"""The locale that is shown: as Wagtail finds it, and asked for once in a request."""

import pytest
from django.utils import translation
from wagtail.models import Locale

from tests.builders import home
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.languages import active_locale

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def languages(settings):
    settings.WAGTAIL_I18N_ENABLED = True
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
    home()
    Locale.objects.get_or_create(language_code="de")


class TestActiveLocale:
    @pytest.mark.parametrize("language", ["en", "de", "de-at", "fr", "nl", None])
    def test_is_that_of_wagtail_also_where_a_language_has_no_locale(self, language):
        with translation.override(language):
            assert active_locale(Viewer.anonymous()) == Locale.get_active().pk

    def test_is_asked_for_once_in_whatever_language(self, django_assert_num_queries):
        viewer = Viewer.anonymous()
        with django_assert_num_queries(1):
            for language in ("en", "de", "en"):
                with translation.override(language):
                    active_locale(viewer)

    def test_is_none_on_a_site_with_one_language(self, settings, django_assert_num_queries):
        settings.WAGTAIL_I18N_ENABLED = False
        with django_assert_num_queries(0):
            assert active_locale(Viewer.anonymous()) is None
