"""An editor translates a personalised page with wagtail-localize: by machine, then by hand, and publishes it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.models import Locale
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from tests.builders import audience, home, note, segment, targeted_page, variants
from tests.intranet.models import TargetedPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def german(site, settings):
    """German, with the start page already in it."""
    dummy = "wagtail_localize.machine_translators.dummy.DummyTranslator"
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": dummy}
    german = Locale.objects.create(language_code="de")
    translate_object(home(), [german])
    Translation.objects.get().save_target(publish=True)
    return german


@pytest.fixture
def page(site):
    finance = audience([segment("Secret project")])
    varied = variants((finance, [note("your budget")]), default=[note("all welcome")])
    return targeted_page(note("figures first", finance), varied)


class TestEditor:
    def test_translates_texts_and_never_audiences_which_follow(self, signed_in, german, page, django_user_model):
        tab = signed_in(django_user_model.objects.create_superuser("editor"))
        self.submit(tab, page)
        for text in ("figures first", "your budget", "all welcome"):
            expect(tab.get_by_text(text, exact=True)).to_be_visible()
        assert "Secret project" not in tab.inner_text("main")
        self.translate_by_machine(tab)
        self.translate_by_hand(tab, "budget your", "Euer Budget")
        tab.get_by_role("button", name="Publish in Deutsch").click()
        expect(tab.get_by_text("Published", exact=False).first).to_be_visible()
        stored = TargetedPage.objects.get(translation_key=page.translation_key, locale=german).body.raw_data
        assert stored[0]["value"] == {**page.body.raw_data[0]["value"], "text": "first figures"}
        (variant,) = stored[1]["value"]["variants"]
        assert variant["value"]["content"][0]["value"]["text"] == "Euer Budget"
        assert variant["value"]["audience"] == page.body.raw_data[0]["value"]["audience"]

    def submit(self, tab, page):
        tab.goto(reverse("wagtail_localize:submit_page_translation", args=[page.pk]))
        tab.get_by_label("Deutsch").check()
        tab.get_by_role("button", name="Submit").click()

    def translate_by_machine(self, tab):
        tab.get_by_role("button", name="Translate with Dummy translator").click()
        expect(tab.get_by_text("first figures", exact=True)).to_be_visible()

    def translate_by_hand(self, tab, old, new):
        row = tab.locator("li", has=tab.get_by_text(old, exact=True)).last
        row.get_by_role("button", name="Edit").click()
        field = tab.locator("textarea, [contenteditable=true]").last
        field.fill(new)
        tab.get_by_role("button", name="Save", exact=True).click()
        expect(tab.get_by_text(new, exact=True)).to_be_visible()
