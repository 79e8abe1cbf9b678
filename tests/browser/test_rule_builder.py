"""An editor builds a segment with the mouse and the keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.builders import person, segment
from tests.intranet.models import Unit
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.models import Segment

DEPARTMENT = {"attribute": "department", "operator": "is_one_of", "value": ["Legal"]}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(signed_in, django_user_model):
    """The tab of an editor who may do everything, and a firm to build segments of."""
    technology = Unit.objects.create(code="TECH", name="Technology")
    Unit.objects.create(code="IT", name="IT", parent=technology)
    Unit.objects.create(code="SALES", name="Sales")
    hired = today() - timedelta(days=20)
    person("ada", last_name="Ada", unit="IT", department="Research", hired=hired, level=3)
    person("bob", last_name="Bob", unit="SALES", department="Legal", hired=hired, level=9)
    person("cleo", last_name="Cleo", unit="IT", department="Legal", hired=hired - timedelta(days=900), level=3)
    return signed_in(django_user_model.objects.create_superuser("editor"))


class Builder:
    """The rule builder as an editor sees it."""

    def __init__(self, tab):
        self.tab = tab
        self.live = tab.locator(".personalize-live")
        self.rule = tab.locator(".personalize-rule")

    def add(self, name, within=None):
        """Add a condition, or a group, at the end of a group (the outermost one by default) and return it."""
        group = within or self.rule
        heading = self.tab.locator(f".c-sf-block__type:text-is('{name}')")
        found = self.rule.locator("[data-streamfield-child]", has=heading)
        before = found.count()
        for _attempt in range(3):  # Wagtail's menu sometimes closes while it is still opening
            group.locator(".c-sf-add-button", has_text="Add a condition").last.click()
            self.tab.get_by_role("option", name=name, exact=True).click()
            try:
                expect(found).not_to_have_count(before, timeout=5_000)
            except AssertionError:
                self.tab.keyboard.press("Escape")
            else:
                break
        return found.last

    def pick(self, condition, text):
        condition.get_by_role("combobox", name="add a value").fill(text)
        condition.get_by_role("option", name=text).first.click()


class TestRuleBuilder:
    def test_a_nested_rule_is_built_saved_and_edited_again(self, editor):
        editor.goto("/admin/personalize/segments/new/")
        builder = Builder(editor)
        expect(builder.live).to_contain_text("Add a condition")
        editor.get_by_placeholder("Name of the segment").fill("Newcomers we know")

        hired = builder.add("Hire date")
        hired.get_by_label("How many").fill("3")
        hired.get_by_label("Unit").select_option("months")
        expect(builder.live).to_contain_text("2 people")

        group = builder.add("Group of conditions")
        group.get_by_label("People for whom").select_option("any")
        unit = builder.add("Unit", within=group)
        builder.pick(unit, "Technology")
        expect(builder.live).to_contain_text("1 person")
        department = builder.add("Department", within=group)
        builder.pick(department, "Legal")
        expect(builder.live).to_contain_text("2 people")
        expect(builder.live).to_contain_text("Hire date is in the last 3 months, and (Unit is")

        editor.get_by_role("button", name="Create").click()
        expect(editor.get_by_text("Newcomers we know").first).to_be_visible()
        saved = Segment.objects.get()
        assert saved.slug == "newcomers-we-know"
        assert saved.size() == 2
        assert saved.rule == {
            "all": [
                {"attribute": "hired", "operator": "in_the_last", "value": 3, "unit": "months"},
                {
                    "any": [
                        {"attribute": "unit", "operator": "is_under", "value": ["TECH"]},
                        {"attribute": "department", "operator": "is_one_of", "value": ["Legal"]},
                    ]
                },
            ]
        }

        editor.goto(f"/admin/personalize/segments/edit/{saved.pk}/")
        expect(builder.live).to_contain_text("2 people")
        editor.get_by_role("button", name="Remove Legal").click()
        expect(builder.live).to_contain_text("A value is missing")
        builder.pick(builder.rule.locator("[data-contentpath='values']").last, "Research")
        expect(builder.live).to_contain_text("1 person")
        editor.get_by_role("button", name="Save").click()
        editor.wait_for_url("**/personalize/segments/")
        saved.refresh_from_db()
        assert saved.rule["all"][1]["any"][1]["value"] == ["Research"]
        assert list(saved.people().values_list("username", flat=True)) == ["ada"]

    def test_the_keyboard_alone_is_enough(self, editor):
        editor.goto("/admin/personalize/segments/new/")
        builder = Builder(editor)
        keyboard = editor.keyboard
        editor.get_by_placeholder("Name of the segment").focus()
        keyboard.type("Lawyers")

        tab_to(editor, "Add a condition")
        keyboard.press("Enter")
        expect(editor.get_by_role("combobox", name="Search options…")).to_be_focused()
        keyboard.type("Depart")
        keyboard.press("ArrowDown")
        keyboard.press("Enter")
        expect(editor.get_by_label("Operator")).to_be_focused()
        keyboard.press("Tab")
        keyboard.type("leg")
        expect(builder.rule.get_by_role("option", name="Legal")).to_be_visible()
        keyboard.press("Enter")
        expect(builder.live).to_contain_text("Department is Legal")
        expect(builder.live).to_contain_text("2 people")
        keyboard.press("Backspace")
        expect(builder.live).to_contain_text("A value is missing")
        keyboard.type("Research")
        expect(builder.rule.get_by_role("option", name="Research")).to_be_visible()
        keyboard.press("Enter")
        expect(builder.live).to_contain_text("1 person")
        keyboard.press("Control+s")
        editor.wait_for_url("**/personalize/segments/")
        assert Segment.objects.get().size() == 1

    def test_problems_stand_at_their_condition_and_nothing_is_lost(self, editor):
        editor.goto("/admin/personalize/segments/new/")
        builder = Builder(editor)
        editor.get_by_placeholder("Name of the segment").fill("Half done")
        builder.pick(builder.add("Unit"), "IT")
        builder.add("Level")

        editor.get_by_role("button", name="Create").click()

        expect(editor.get_by_text("could not be created due to errors")).to_be_visible()
        unit, level = (builder.rule.locator("[data-streamfield-child]").nth(position) for position in (0, 1))
        expect(level.get_by_text("A value is missing.")).to_be_visible()
        expect(unit.get_by_text("IT (Technology)")).to_be_visible()
        level.get_by_role("spinbutton").fill("3")
        editor.get_by_role("button", name="Create").click()
        editor.wait_for_url("**/personalize/segments/")
        assert Segment.objects.get().size() == 2

    def test_a_condition_that_broke_is_shown_kept_and_can_be_removed(self, editor):
        broken = segment("Broken", {"all": [DEPARTMENT, {"attribute": "unit", "operator": "is", "value": "IT"}]})
        gone = {"attribute": "shoe_size", "operator": "is", "value": 42}
        Segment.objects.update(rule={"all": [DEPARTMENT, gone]})
        editor.goto(f"/admin/personalize/segments/edit/{broken.pk}/")
        builder = Builder(editor)

        stored = builder.rule.locator("[data-streamfield-child]").nth(1)
        expect(stored).to_contain_text("There is no attribute “shoe_size”")
        stored.get_by_role("button", name="Delete").click()
        expect(builder.live).to_contain_text("2 people")
        editor.get_by_role("button", name="Save").click()
        editor.wait_for_url("**/personalize/segments/")
        assert Segment.objects.get().rule == {"all": [DEPARTMENT]}

    def test_people_can_be_named_beside_the_rule(self, editor):
        lawyers = segment("Lawyers", {"all": [DEPARTMENT]})
        editor.goto(f"/admin/personalize/segments/edit/{lawyers.pk}/")
        builder = Builder(editor)

        editor.get_by_role("combobox", name="Always in this segment").fill("Ada")
        editor.get_by_role("option", name="Ada").click()
        expect(builder.live).to_contain_text("3 people")
        editor.get_by_role("button", name="Save").click()
        editor.wait_for_url("**/personalize/segments/")
        assert lawyers.size() == 3


def tab_to(page, name):
    """Press Tab until the button with this name has the focus."""
    for _press in range(30):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"{name} cannot be reached with the Tab key")
