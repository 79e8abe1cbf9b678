"""A restriction holds for all language versions, through real submissions to wagtail-localize."""

import pytest
from wagtail.models import Locale, Page
from wagtail_localize.models import LocaleSynchronization, Translation, TranslationSource
from wagtail_localize.operations import translate_object
from wagtail_localize.synctree import synchronize_tree

from tests.builders import home, page, person, segment, user
from wagtail_personalize import can_see, visible
from wagtail_personalize.targeting.effective import check

from .restricting import open_up, restrict, seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def german():
    return Locale.objects.get_or_create(language_code="de")[0]


@pytest.fixture
def finance():
    return segment("Finance")


def submit(page, locale):
    """Submit ``page`` and what is above it for translation; the translation, published."""
    translate_object(page, [locale], user=None)
    source, _created = TranslationSource.update_or_create_from_instance(page)
    Translation.objects.get(source=source, target_locale=locale).save_target(publish=True)
    return Page.objects.get(translation_key=page.translation_key, locale=locale)


def assert_closed(*pages):
    outsider, member = seen_by(user()), seen_by(person(department="Finance"))
    for one in pages:
        assert (can_see(one, outsider), can_see(one, member)) == (False, True)
        listed = Page.objects.filter(pk=one.pk)
        assert (visible(listed, outsider).exists(), visible(listed, member).exists()) == (False, True)
    assert check() == []


class TestTranslation:
    def test_is_restricted_when_its_source_already_was(self, finance, german):
        section = page("Section", parent=Page.objects.get(pk=home().pk))
        leaf = page("Leaf", parent=section)
        restrict(section, finance)
        submit(home(), german)
        submit(section, german)
        assert_closed(section, leaf, submit(leaf, german))

    def test_is_restricted_when_its_source_is_restricted_later(self, finance, german):
        section = page("Section", parent=Page.objects.get(pk=home().pk))
        submit(home(), german)
        translated = submit(section, german)
        assert can_see(translated, seen_by(user()))
        restrict(section, finance)
        assert_closed(section, translated)

    def test_restricts_its_source_and_opens_it_again(self, finance, german):
        section = page("Section", parent=Page.objects.get(pk=home().pk))
        submit(home(), german)
        translated = submit(section, german)
        restrict(translated, finance)
        assert_closed(section, translated)
        open_up(section)
        assert can_see(translated, seen_by(user()))

    def test_of_an_alias_in_a_synchronised_tree_stays_restricted(self, finance, german):
        section = page("Section", parent=Page.objects.get(pk=home().pk))
        leaf = page("Leaf", parent=section)
        restrict(section, finance)
        LocaleSynchronization.objects.create(locale=german, sync_from=home().locale)
        synchronize_tree(home().locale, german)
        mirrored = Page.objects.get(translation_key=leaf.translation_key, locale=german)
        assert mirrored.alias_of_id == leaf.pk
        assert_closed(leaf, mirrored)
        translated = submit(leaf, german)
        assert translated.alias_of_id is None
        assert_closed(leaf, translated)

    def test_in_an_alias_of_an_untranslated_tree_follows_the_source(self, finance, german):
        section = page("Section", parent=Page.objects.get(pk=home().pk))
        leaf = page("Leaf", parent=section)
        home().copy_for_translation(german, alias=True)
        section.copy_for_translation(german, alias=True)
        mirrored = leaf.copy_for_translation(german, alias=True)
        restrict(section, finance)
        assert_closed(leaf, mirrored)
