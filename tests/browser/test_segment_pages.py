"""The pages about a segment in a browser: the chart is drawn, its table opens, lists are found while one types."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.builders import person, segment
from wagtail_personalize.segments.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

#: Nothing inline and nothing from elsewhere; violations that Wagtail's own markup makes are not ours.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"
VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.sourceFile || 'inline'));
"""
DRAWN = """
canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part !== 0)
"""


@pytest.fixture
def lawyers():
    lawyers = segment("Lawyers", {"all": [{"attribute": "department", "operator": "is", "value": "Legal"}]})
    for number, (first, last) in enumerate([("Ada", "Byron"), ("Zoë", "Müller"), ("Ben", "Ohm")]):
        someone = person(first_name=first, last_name=last, department="Legal")
        since = timezone.now() - timedelta(days=10 * number)
        Membership.objects.filter(segment=lawyers, person=someone).update(since=since)
    return lawyers


@pytest.fixture
def boss(signed_in, django_user_model):
    return signed_in(django_user_model.objects.create_superuser("boss"))


def with_policy(route):
    response = route.fetch()
    route.fulfill(response=response, headers={**response.headers, "content-security-policy-report-only": POLICY})


class TestChart:
    @pytest.mark.parametrize("motion", ["no-preference", "reduce"])
    def test_is_drawn_without_anything_inline(self, boss, lawyers, motion):
        boss.emulate_media(reduced_motion=motion)
        boss.add_init_script(VIOLATIONS)
        boss.route("**/inspect/**", with_policy)
        boss.goto(f"/admin/personalize/segments/inspect/{lawyers.pk}/")
        canvas = boss.locator(".personalize-chart canvas")
        boss.wait_for_function("() => window.Chart && window.Chart.getChart(document.querySelector('canvas'))")
        boss.wait_for_timeout(600)

        assert canvas.evaluate(DRAWN)
        ours = [source for source in boss.evaluate("window.violations") if "personalize" in source]
        assert ours == []
        boss.errors[:] = [error for error in boss.errors if "Content Security Policy" not in error]

    def test_has_a_table_that_the_keyboard_opens(self, boss, lawyers):
        boss.goto(f"/admin/personalize/segments/inspect/{lawyers.pk}/")
        boss.get_by_text("The same as a table").focus()
        boss.keyboard.press("Enter")

        expect(boss.locator(".personalize-chart__table tbody tr")).to_have_count(21)
        expect(boss.locator(".personalize-chart__table tbody tr").first).to_contain_text("3 people")


class TestMembers:
    def test_are_found_while_one_types(self, boss, lawyers):
        boss.goto(f"/admin/personalize/segments/members/{lawyers.pk}/")
        boss.get_by_role("textbox", name="Search term").press_sequentially("muller")

        expect(boss.locator("#listing-results tbody tr")).to_have_count(1)
        expect(boss.locator("#listing-results tbody")).to_contain_text("Zoë Müller")

    def test_are_those_of_the_day_in_the_address(self, boss, lawyers):
        day = timezone.localdate() - timedelta(days=15)
        boss.goto(f"/admin/personalize/segments/members/{lawyers.pk}/?day={day.isoformat()}")

        expect(boss.locator("#listing-results tbody tr")).to_have_count(1)
        expect(boss.locator("#listing-results tbody")).to_contain_text("Ben Ohm")

    def test_fit_a_small_screen(self, boss, lawyers):
        boss.set_viewport_size({"width": 375, "height": 800})
        for page in ("inspect", "members", "joined-and-left", "named-people"):
            boss.goto(f"/admin/personalize/segments/{page}/{lawyers.pk}/")

            assert boss.evaluate("document.documentElement.scrollWidth") == 375, page


class TestNamedPeople:
    def test_are_taken_off_the_list_by_keyboard_alone(self, boss, lawyers):
        ada, zoe, ben = lawyers.people().order_by("pk")
        lawyers.always_exclude([ada, zoe])
        boss.goto(f"/admin/personalize/segments/named-people/{lawyers.pk}/")
        boss.get_by_role("link", name="Take Ada Byron off the list").focus()
        boss.keyboard.press("Enter")
        expect(boss.get_by_text("By the conditions this person joins the segment at once.")).to_be_visible()
        boss.get_by_role("button", name="Take off the list").focus()
        boss.keyboard.press("Enter")
        expect(boss.get_by_text("Ada Byron is not on the list any more.")).to_be_visible()
        expect(boss.get_by_role("link", name="Take Zoë Müller off the list")).to_be_visible()
        assert set(lawyers.people()) == {ada, ben}
