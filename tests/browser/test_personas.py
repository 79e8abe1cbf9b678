"""An editor invents somebody, tries her while writing a rule, and looks at a page with her eyes and a colleague's."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_rule_builder import Builder
from tests.builders import audience, note, person, segment, targeted_page
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.models import ExamplePerson

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def tab(signed_in, django_user_model):
    return signed_in(django_user_model.objects.create_superuser("editor"))


def invent(tab, name, department):
    """A persona with one example person, made in the form."""
    tab.goto("/admin/personalize/personas/new/")
    tab.locator("[name=name]").fill("New joiner")
    tab.get_by_role("button", name="Add example person").click()
    tab.locator("[name='examples-0-name']").fill(name)
    tab.get_by_role("combobox", name="Department: add a value").fill(department)
    tab.get_by_role("option", name=department).first.click()
    tab.locator("[name='examples-0-values-level']").fill("3")
    tab.get_by_role("button", name="Create").click()
    expect(tab.get_by_text("New joiner").first).to_be_visible()


class TestInventedPerson:
    def test_is_tried_while_the_rule_is_being_written(self, tab):
        person(department="Production")
        invent(tab, "Nina", "Production")
        assert ExamplePerson.objects.get().values == {"department": "Production", "level": 3}

        tab.goto("/admin/personalize/segments/new/")
        builder, answers = Builder(tab), tab.locator(".personalize-matching")
        expect(answers).to_contain_text("as soon as the rule is complete")
        condition = builder.add("Department")
        builder.pick(condition, "Production")
        expect(answers).to_contain_text("✓")
        condition.get_by_label("Operator").select_option("is_none_of")
        expect(answers).to_contain_text("✗")
        assert tab.errors == []


class TestPreview:
    def eyes(self, tab):
        return tab.frame_locator("iframe.w-preview__iframe:not([hidden])").last.locator("main")

    def test_shows_the_page_with_other_eyes(self, tab):
        ann = person("ann", first_name="Ann", last_name="Ancona", department="Production")
        production = segment("Production")
        page = targeted_page(note("For the shop floor", audience([production])), note("For all"))
        page.save_revision().publish()
        tab.goto(f"/admin/pages/{page.pk}/edit/")
        tab.get_by_label("Toggle preview").first.click()
        expect(self.eyes(tab)).to_contain_text("For all")
        expect(self.eyes(tab)).not_to_contain_text("For the shop floor")

        tab.get_by_label("Preview mode").select_option(f"|as:segment:{production.uuid}")
        expect(self.eyes(tab)).to_contain_text("For the shop floor")
        tab.get_by_label("Preview mode").select_option(label="As somebody not signed in")
        expect(self.eyes(tab)).not_to_contain_text("For the shop floor")
        assert not LookAt.objects.exists()

        tab.locator("#id_preview_person").fill("ancona")
        tab.get_by_role("option", name="Ann Ancona").click()
        expect(tab.get_by_label("Preview mode")).to_have_value(f"|as:person:{ann.pk}")
        expect(self.eyes(tab)).to_contain_text("For the shop floor")
        assert list(LookAt.objects.get(kind="preview").persons.all()) == [ann]
        assert tab.errors == []
