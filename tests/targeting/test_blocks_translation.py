"""Targeted blocks translated with wagtail-localize: audiences follow the source, translators never see them."""

import pytest
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from tests.builders import audience, block, note, segment, targeted_page, variants
from tests.intranet.models import TargetedPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def german():
    return Locale.objects.create(language_code="de")


def translate(page, locale):
    """The page translated by writing "DE " before every text that translators are offered."""
    source, _ = TranslationSource.update_or_create_from_instance(page)
    translation, _ = Translation.objects.get_or_create(source=source, target_locale=locale)
    for offered in StringSegment.objects.filter(source=source):
        StringTranslation.objects.update_or_create(
            translation_of=offered.string,
            locale=locale,
            context=offered.context,
            defaults={"data": f"DE {offered.string.data}"},
        )
    translation.save_target(publish=True)
    return TargetedPage.objects.get(translation_key=page.translation_key, locale=locale)


def offered(page):
    source, _ = TranslationSource.update_or_create_from_instance(page)
    return {segment.string.data for segment in StringSegment.objects.filter(source=source)}


@pytest.fixture
def page(it):
    hidden = audience([it])
    section = {
        "heading": "Head",
        "content": [note("Nested", hidden)],
        "notes": [block("item", {"text": "Listed"}, hidden)],
        "aside": {"text": "Aside", "audience": hidden},
    }
    varied = variants((hidden, [note("Varied")]), default=[note("Default")])
    varied["value"]["variants"][0]["value"]["name"] = "Internal name"
    items = [block("item", {"text": "Item"}, hidden)]
    return targeted_page(note("Top", hidden), block("section", section), block("notes", items), varied)


TEXTS = {"Top", "Head", "Nested", "Listed", "Aside", "Item", "Varied", "Default"}


class TestTranslation:
    def test_translators_are_offered_every_text_and_nothing_else(self, page):
        assert offered(page) - {page.title, page.slug, "A targeted page"} == TEXTS

    def test_audiences_follow_the_source(self, page, german):
        translated = translate(page, german)
        assert _audiences(translated.body.raw_data) == _audiences(page.body.raw_data)
        assert _texts(translated.body.raw_data) == {f"DE {text}" for text in TEXTS} | {"Internal name"}

    def test_a_changed_audience_follows_too(self, page, german):
        translate(page, german)
        other = audience((), [segment("HR")])
        page.body[0].value["audience"] = other
        page.body[3].value["variants"][0]["audience"] = other
        page.save_revision().publish()
        stored = TargetedPage.objects.get(pk=page.pk)
        translated = translate(stored, german)
        assert _audiences(translated.body.raw_data) == _audiences(stored.body.raw_data)
        assert translated.body.raw_data[0]["value"]["audience"] == other

    def test_a_copy_for_translation_keeps_audiences(self, page, german):
        page.get_parent().copy_for_translation(german)
        copied = page.copy_for_translation(german)
        assert list(copied.body.raw_data) == list(page.body.raw_data)


def _audiences(data):
    """All audiences in stored data, in their order."""
    if isinstance(data, dict):
        own = [data["audience"]] if data.get("audience") else []
        return own + [found for name, value in data.items() if name != "audience" for found in _audiences(value)]
    return [found for item in data for found in _audiences(item)] if _is_list(data) else []


def _texts(data):
    if isinstance(data, dict):
        own = {value for name, value in data.items() if name in ("text", "heading", "name") and value}
        return own.union(*(_texts(value) for value in data.values()))
    return set().union(*(_texts(item) for item in data)) if _is_list(data) else set()


def _is_list(data):
    return not isinstance(data, str) and hasattr(data, "__iter__")
