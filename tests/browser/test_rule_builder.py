"""An editor builds a segment with the mouse and the keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.builders import person, segment
from tests.intranet.models import Staff, Unit
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
        self.live = tab.locator(".personalize-live:not(.personalize-matching)")
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


class Keyboard:
    """An editor without a mouse."""

    def __init__(self, tab):
        self.tab = tab

    def press(self, key):
        self.tab.keyboard.press(key)

    def type(self, text):
        self.tab.keyboard.type(text)

    def add(self, name):
        """Add a condition, or a group, where the next button for it is; then stand in its first field."""
        tab_to(self.tab, "Add a condition")
        self.press("Enter")
        expect(self.tab.locator("[placeholder='Search options…']:focus")).to_be_visible()
        self.type(name)
        expect(self.tab.get_by_role("option", name=name, exact=True)).to_be_visible()
        self.press("ArrowDown")
        self.press("Enter")
        expect(self.tab.locator("select:focus")).to_be_visible()

    def pick(self, text, found):
        self.type(text)
        chosen = self.tab.get_by_role("button", name=f"Remove {found}").last
        for _attempt in range(3):  # a slow answer to the first letters may take the list away for a moment
            expect(self.tab.get_by_role("option", name=found).first).to_be_visible()
            self.press("Enter")
            try:
                expect(chosen).to_be_visible(timeout=3_000)
            except AssertionError:
                continue
            return
        expect(chosen).to_be_visible()


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

        publish(editor)
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
        expect(builder.live).to_contain_text("+0 / −1 against now")
        publish(editor, asked=True)
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
        editor.wait_for_url("**/personalize/segments/edit/*/")
        assert not Segment.objects.get().live
        editor.get_by_role("button", name="More actions").focus()
        keyboard.press("Enter")
        expect(editor.get_by_role("button", name="Publish", exact=True)).to_be_visible()
        editor.get_by_role("button", name="Publish", exact=True).focus()
        keyboard.press("Enter")
        editor.wait_for_url("**/personalize/segments/")
        assert Segment.objects.get().size() == 1

    def test_a_nested_rule_with_a_tree_a_relative_date_and_a_reporting_line_needs_no_mouse(self, editor):
        boss, cleo = (Staff.objects.get(user__username=name) for name in ("bob", "cleo"))
        cleo.manager = boss
        cleo.save()
        editor.goto("/admin/personalize/segments/new/")
        keys, builder = Keyboard(editor), Builder(editor)
        editor.get_by_placeholder("Name of the segment").focus()
        keys.type("Near Bob")

        keys.add("Hire date")
        keys.press("Tab")
        keys.type("3")
        keys.press("Tab")
        keys.type("mon")
        expect(builder.live).to_contain_text("Hire date is in the last 3 months")
        expect(builder.live).to_contain_text("2 people")

        keys.add("Group of conditions")
        keys.type("At least")
        expect(editor.get_by_label("People for whom").last).to_have_value("any")
        keys.add("Unit")
        keys.press("Tab")
        keys.pick("Tech", "Technology")
        expect(builder.live).to_contain_text("1 person")
        keys.add("Reports to")
        keys.press("Tab")
        keys.pick("Bob", "Bob")
        keys.press("Tab")
        keys.press("ArrowDown")
        expect(builder.live).to_contain_text("reports directly to “Bob”")
        expect(builder.live).to_contain_text("1 person")
        tab_to(editor, "More actions")
        keys.press("Enter")
        expect(editor.get_by_role("button", name="Publish", exact=True)).to_be_visible()
        tab_to(editor, "Publish")
        keys.press("Enter")
        editor.wait_for_url("**/personalize/segments/")

        assert Segment.objects.get().rule == {
            "all": [
                {"attribute": "hired", "operator": "in_the_last", "value": 3, "unit": "months"},
                {
                    "any": [
                        {"attribute": "unit", "operator": "is_under", "value": ["TECH"]},
                        {"operator": "reports_to", "value": "bob", "depth": "direct"},
                    ]
                },
            ]
        }
        assert list(Segment.objects.get().people().values_list("username", flat=True)) == ["ada"]

    def test_problems_stand_at_their_condition_and_nothing_is_lost(self, editor):
        editor.goto("/admin/personalize/segments/new/")
        builder = Builder(editor)
        editor.get_by_placeholder("Name of the segment").fill("Half done")
        builder.pick(builder.add("Unit"), "IT")
        builder.add("Level")

        choose_publish(editor)

        expect(editor.get_by_text("could not be created due to errors")).to_be_visible()
        unit, level = (builder.rule.locator("[data-streamfield-child]").nth(position) for position in (0, 1))
        expect(level.get_by_text("A value is missing.")).to_be_visible()
        expect(unit.get_by_text("IT (Technology)")).to_be_visible()
        level.get_by_role("spinbutton").fill("3")
        publish(editor)
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
        publish(editor)
        assert Segment.objects.get().rule == {"all": [DEPARTMENT]}

    def test_people_can_be_named_beside_the_rule(self, editor):
        lawyers = segment("Lawyers", {"all": [DEPARTMENT]})
        editor.goto(f"/admin/personalize/segments/edit/{lawyers.pk}/")
        builder = Builder(editor)

        editor.get_by_role("combobox", name="Always in this segment").fill("Ada")
        editor.get_by_role("option", name="Ada").click()
        expect(builder.live).to_contain_text("3 people")
        publish(editor, asked=True)
        assert lawyers.size() == 3


class TestDrafts:
    def test_a_draft_is_published_and_a_large_change_confirmed(self, editor):
        editor.goto("/admin/personalize/segments/new/")
        builder = Builder(editor)
        editor.get_by_placeholder("Name of the segment").fill("Lawyers")
        department = builder.add("Department")

        editor.get_by_role("button", name="Save draft").click()
        editor.wait_for_url("**/personalize/segments/edit/*/")
        editor.wait_for_load_state("networkidle")
        draft = Segment.objects.get()
        assert (draft.live, draft.size()) == (False, 0)

        department = builder.rule.locator("[data-streamfield-child]").first
        builder.pick(department, "Legal")
        expect(builder.live).to_contain_text("2 people")
        publish(editor)
        assert draft.size() == 2

        editor.goto(f"/admin/personalize/segments/edit/{draft.pk}/")
        expect(builder.live).to_contain_text("+0 / −0 against now")
        editor.get_by_role("button", name="Remove Legal").click()
        builder.pick(builder.rule.locator("[data-streamfield-child]").first, "Research")
        expect(builder.live).to_contain_text("+1 / −2 against now")
        choose_publish(editor)
        question = editor.locator("#personalize-impact")
        expect(question).to_contain_text("Leaving: Bob, Cleo")
        question.get_by_role("button", name="Publish").click()
        expect(question).to_be_visible()
        expect(builder.live).to_contain_text("against now")
        assert draft.size() == 2
        question.get_by_role("checkbox").check()
        question.get_by_role("button", name="Publish").click()
        editor.wait_for_url("**/personalize/segments/")
        editor.wait_for_load_state("networkidle")
        assert draft.size() == 1


def choose_publish(tab):
    """Publish from the menu beside *Save draft*."""
    tab.get_by_role("button", name="More actions").click()
    tab.locator(".footer").get_by_role("button", name="Publish", exact=True).click()


def publish(tab, asked=False):
    """Publish and, when ``asked`` whether so much may change, agree."""
    choose_publish(tab)
    if asked:
        tab.locator("#personalize-impact").get_by_role("checkbox").check()
        tab.locator("#personalize-impact").get_by_role("button", name="Publish").click()
    tab.wait_for_url("**/personalize/segments/")
    tab.wait_for_load_state("networkidle")


def tab_to(page, name):
    """Press Tab until the button with this name has the focus."""
    named = "document.activeElement.textContent + (document.activeElement.getAttribute('aria-label') || '')"
    for _press in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate(named):
            return
    raise AssertionError(f"{name} cannot be reached with the Tab key")
