"""An editor asks by keyboard why somebody is in a segment; the person reads who looked, and takes the file away."""

import json

import pytest
from playwright.sync_api import expect

from tests.builders import person, segment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

RULE = {"all": [{"attribute": "department", "operator": "is", "value": "IT"}]}


@pytest.fixture
def ada():
    return person("ada", first_name="Ada", last_name="Ek", department="IT")


class TestExplaining:
    def test_a_person_is_chosen_and_explained_by_keyboard_alone(self, signed_in, django_user_model, ada):
        tab = signed_in(django_user_model.objects.create_superuser("editor"))
        tab.goto(f"/admin/personalize/segments/explain/{segment('IT', RULE).pk}/")
        tab.get_by_role("combobox").focus()
        tab.keyboard.type("Ada")
        expect(tab.get_by_role("option", name="Ada Ek")).to_be_visible()
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        tab.get_by_role("button", name="Explain").focus()
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("heading", name="Ada Ek is in this segment.")).to_be_visible()
        expect(tab.locator(".wp-reason", has_text="Department is IT").last).to_contain_text("✓ yes")


class TestRecorded:
    @pytest.mark.parametrize("width", [1280, 375])
    def test_fits_the_screen_unfolds_reasons_and_can_be_taken_away(self, signed_in, ada, width):
        segment("IT", RULE)
        tab = signed_in(ada)
        tab.route("**/favicon.ico", lambda route: route.fulfill(status=204))  # the test site has none
        tab.set_viewport_size({"width": width, "height": 800})
        tab.goto("/people/me/recorded/")
        expect(tab.get_by_role("heading", name="Segments that you are in")).to_be_visible()
        tab.get_by_text("Why you are in it").click()
        expect(tab.locator(".wp-reason", has_text="Department is IT").last).to_be_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        with tab.expect_download() as download:
            tab.get_by_role("link", name="Take it away as a file").click()
        told = json.loads(download.value.path().read_text())
        assert told["about"] == "ada"
