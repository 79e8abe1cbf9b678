"""Machine translation by wagtail-localize's own button, here with its dummy, which turns the words round."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.machine_translators.dummy import DummyTranslator
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.operations import translate_object

from tests.builders import audience, block, home, note, person, segment, targeted_page, user, variants
from tests.portal.models import PortalPage
from wagtail_personalize import can_see

from .restricting import restrict, seen_by
from .test_blocks_translation import _audiences

pytestmark = pytest.mark.django_db

DUMMY = "wagtail_localize.machine_translators.dummy.DummyTranslator"


@pytest.fixture(autouse=True)
def dummy(settings):
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": DUMMY}


@pytest.fixture
def german():
    return Locale.objects.create(language_code="de")


@pytest.fixture
def editor():
    client = Client()
    client.force_login(user(is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def sent(monkeypatch):
    """Whatever is handed to the translator."""
    texts = []
    translate = DummyTranslator.translate
    monkeypatch.setattr(
        DummyTranslator,
        "translate",
        lambda self, source, target, strings: (
            texts.extend(one.data for one in strings) or translate(self, source, target, strings)
        ),
    )
    return texts


def submitted(page, locale):
    for one in (home(), page):
        translate_object(one, [locale])
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)


def by_machine(editor, page, locale):
    """The page in ``locale``, translated by the button and published."""
    translation = submitted(page, locale)
    editor.post(reverse("wagtail_localize:machine_translate", args=[translation.pk]), {"next": "/admin/"})
    translation.save_target(publish=True)
    return type(page).objects.get(translation_key=page.translation_key, locale=locale)


class TestButton:
    def test_stands_where_an_editor_translates(self, editor, german):
        page = targeted_page(note("two words"))
        translation = submitted(page, german)
        target = translation.get_target_instance()
        shown = editor.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).content.decode()
        assert reverse("wagtail_localize:machine_translate", args=[translation.pk]) in shown
        assert "Dummy translator" in shown


class TestPersonalisedPage:
    def test_is_translated_block_by_block_and_audiences_follow(self, editor, german):
        it, hr = segment("IT"), segment("HR")
        page = targeted_page(
            note("for us", audience([it])),
            variants((audience([hr], [it]), [note("one variant")]), default=[note("for all")]),
        )
        translated = by_machine(editor, page, german)
        assert _audiences(translated.body.raw_data) == _audiences(page.body.raw_data)
        stored = str(list(translated.body.raw_data))
        assert all(words in stored for words in ("us for", "variant one", "all for"))

    def test_tells_the_translator_nothing_of_audiences(self, editor, german, sent):
        it = segment("Secret project")
        varied = variants((audience([it]), [note("one variant")]))
        varied["value"]["variants"][0]["value"]["name"] = "Internal name"
        by_machine(editor, targeted_page(note("for us", audience([it])), varied), german)
        assert {"for us", "one variant"} <= set(sent)
        assert not [text for text in sent if str(it.uuid) in text or text in ("Secret project", "Internal name")]

    def test_in_two_depths_is_translated_in_both(self, editor, german, sent):
        depths = block("depth", {"topic": "pumps", "beginner": "<p>quite easy</p>", "advanced": "<p>rather hard</p>"})
        page = home().add_child(instance=PortalPage(title="Heating", body=[depths]))
        translated = by_machine(editor, PortalPage.objects.get(pk=page.pk), german)
        value = translated.body.raw_data[0]["value"]
        assert ("easy quite" in value["beginner"], "hard rather" in value["advanced"]) == (True, True)
        assert value["topic"] == "pumps"
        assert "pumps" not in sent

    def test_stays_restricted_in_the_new_language(self, editor, german):
        page = targeted_page(note("for us"))
        restrict(page, segment("Finance"))
        translated = by_machine(editor, page, german)
        assert not can_see(translated, seen_by(user()))
        assert can_see(translated, seen_by(person(department="Finance")))

    def test_of_people_who_may_not_edit_it_is_refused(self, german):
        translation = submitted(targeted_page(note("two words")), german)
        client = Client()
        client.force_login(user())
        client.post(reverse("wagtail_localize:machine_translate", args=[translation.pk]), {"next": "/admin/"})
        assert not StringTranslation.objects.exists()
