"""The editor's work in a real browser: choosing among 500 segments by keyboard alone, the check before publishing, and
seeing the live site as somebody else."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_journey import add_note
from tests.builders import audience, note, page, person, segment, targeted_page
from tests.intranet.models import OtherPage
from wagtail_personalize.segments.models import Segment, SegmentCategory
from wagtail_personalize.targeting.page_audiences import page_audience

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def boss(site, django_user_model):
    return django_user_model.objects.create_superuser("editor")


@pytest.fixture
def many(site):
    """Five hundred segments in ten categories."""
    categories = [SegmentCategory.objects.create(name=f"Category {n}", order=n) for n in range(10)]
    Segment.objects.bulk_create(
        [Segment(name=f"Group {n:03}", slug=f"group-{n}", rule=RULE, category=categories[n % 10]) for n in range(500)]
    )
    return Segment.objects.in_bulk(field_name="name")


RULE = {"all": [{"attribute": "department", "operator": "is", "value": "Nowhere"}]}


class TestChooser:
    def test_finds_one_of_500_segments_by_keyboard_alone(self, signed_in, boss, many):
        keys = page("Key codes", model=OtherPage)
        tab = signed_in(boss)
        tab.goto(reverse("personalize_targeting:page_audience", args=[keys.pk]))
        tab.locator("section", has=tab.get_by_role("heading", name="Recommended to")).get_by_role(
            "combobox"
        ).first.focus()
        listbox = tab.get_by_role("listbox")
        expect(listbox.get_by_role("option")).to_have_count(500)
        expect(listbox.get_by_text("Category 3", exact=True)).to_be_attached()
        for _press in range(2):
            tab.keyboard.press("PageDown")
        tab.keyboard.type("group 417")
        expect(listbox.get_by_role("option")).to_have_count(1)
        expect(listbox.get_by_role("option")).to_contain_text("0 people")
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("button", name="Remove Group 417")).to_be_visible()
        tab.keyboard.press("Tab")
        tab.keyboard.press("Shift+Tab")
        first = tab.get_by_role("listbox").get_by_role("option").first
        expect(first).to_be_visible()
        tab.keyboard.press("Escape")
        expect(first).to_be_hidden()
        self.press_until(tab, "Save audience")
        expect(tab.get_by_text("was saved").first).to_be_visible(timeout=20_000)
        assert page_audience(keys).recommendation.clauses[0]["include"] == [str(many["Group 417"].uuid)]

    def press_until(self, tab, name):
        for _press in range(20):
            tab.keyboard.press("Tab")
            tab.keyboard.press("Escape")  # a list that opens with the focus
            if tab.evaluate("document.activeElement.textContent.trim()") == name:
                tab.keyboard.press("Enter")
                return
        raise AssertionError(name)

    def test_offers_first_what_was_used_last_also_in_blocks(self, signed_in, boss, many):
        keys = page("Key codes", model=OtherPage)
        tab = signed_in(boss)
        tab.goto(reverse("personalize_targeting:page_audience", args=[keys.pk]))
        entry = tab.get_by_role("combobox").first
        entry.fill("group 250")
        tab.get_by_role("option", name="Group 250").click()
        target = targeted_page(note("Plan", audience([many["Group 001"]])))
        tab.goto(f"/admin/pages/{target.pk}/edit/")
        child = tab.locator("[data-streamfield-child]").first
        child.get_by_role("button", name="settings").first.click()
        child.get_by_role("combobox").first.focus()
        options = child.get_by_role("listbox").first
        expect(options.locator("li").first).to_have_text("Recently used")
        expect(options.get_by_role("option").first).to_contain_text("Group 250")


class TestPublishing:
    def test_asks_once_when_nobody_would_see_a_block_and_never_forbids(self, signed_in, boss):
        person("ann", department="IT")
        segment("Law")
        target = targeted_page(note("Plan"))
        tab = signed_in(boss)
        tab.goto(f"/admin/pages/{target.pk}/edit/")
        add_note(tab, "For lawyers")
        child = tab.locator("[data-streamfield-child]").last
        child.get_by_role("button", name="settings").first.click()
        child.get_by_role("combobox").first.fill("Law")
        child.get_by_role("option", name="Law").first.click()
        tab.wait_for_timeout(2_000)  # Wagtail 8 saves by itself
        tab.wait_for_load_state("networkidle")
        self.publish(tab)
        dialog = tab.get_by_role("dialog", name="Before you publish")
        expect(dialog).to_contain_text("Note “For lawyers”: Nobody is in this audience today.")
        dialog.get_by_role("button", name="Back to editing").click()
        expect(dialog).to_be_hidden()
        self.publish(tab)
        dialog.get_by_role("button", name="Publish anyway").click()
        expect(tab.get_by_text("has been published").first).to_be_visible(timeout=20_000)

    def publish(self, tab):
        tab.get_by_role("button", name="More actions").click()
        tab.get_by_role("button", name="Publish", exact=True).click()

    def test_shows_who_sees_what(self, signed_in, boss):
        person("ann", department="IT")
        person("ben", department="HR")
        target = targeted_page(note("Plan", audience([segment("IT")])))
        tab = signed_in(boss)
        tab.goto(f"/admin/pages/{target.pk}/edit/")
        tab.locator("[data-side-panel-toggle=audience]").click()
        expect(tab.locator(".personalize-who-sees")).to_contain_text("1 person · 50 %")


class TestViewAs:
    def test_from_the_userbar_and_back_with_one_click(self, signed_in, boss):
        person("ann", department="IT")
        target = targeted_page(note("Only for some", audience([segment("IT")])), note("For all"))
        target.save_revision().publish()
        tab = signed_in(boss)
        tab.goto(reverse("personalize_targeting:view_as", args=[target.pk]))
        tab.get_by_role("button", name="As somebody in: IT").click()
        banner = tab.get_by_role("complementary", name="View as")
        expect(banner).to_contain_text("You see the site as: IT")
        expect(tab.get_by_text("Only for some")).to_be_visible()
        banner.get_by_role("button", name="Be myself again").click()
        expect(banner).to_be_hidden()
        expect(tab.get_by_text("Only for some")).to_have_count(0)
        tab.errors[:] = [error for error in tab.errors if "404" not in error]  # the icon of the site
