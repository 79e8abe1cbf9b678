"""Menus: what somebody may not see leaves no trace, and their cost does not grow."""

import pytest

from tests.builders import audience, home, page, person, segment
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.content.models import Menu
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .builders import client_of, group_entry, html, link_entry, menu, more_segments, page_entry, portal, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def colleague():
    return person(department="IT")


@pytest.fixture
def outsider():
    return person(department="HR")


class TestMenu:
    def test_leaves_out_what_is_meant_for_others(self, it, colleague, outsider):
        menu(link_entry("Tickets", "/tickets/", audience([it])), link_entry("Canteen", "/canteen/"))
        url = portal().url
        assert "/tickets/" in html(url, colleague)
        assert "ickets" not in html(url, outsider)
        assert "/canteen/" in html(url, outsider)

    def test_leaves_out_pages_that_one_may_not_see(self, it, colleague, outsider):
        secret = page("Secret plan")
        set_page_audience(secret, None, Clause.of([it]), None)
        menu(page_entry(secret), page_entry(page("Canteen")))
        url = portal().url
        assert "secret-plan" in html(url, colleague)
        for viewer in (outsider, None):
            assert "ecret" not in html(url, viewer)

    def test_leaves_out_drafts(self):
        menu(page_entry(page("Unfinished", live=False)))
        assert "nfinished" not in html(portal().url)

    def test_of_nothing_is_not_there(self, it):
        menu(link_entry("Tickets", "/tickets/", audience([it])))
        assert "<nav" not in html(portal().url)

    def test_hides_a_group_without_entries_for_the_reader(self, it, colleague):
        menu(group_entry("Tools", link_entry("Tickets", "/tickets/", audience([it]))))
        url = portal().url
        assert "Tools" in html(url, colleague)
        assert "Tools" not in html(url)

    def test_hides_a_group_that_is_meant_for_others(self, it, colleague):
        menu(group_entry("Tools", link_entry("Tickets", "/tickets/"), audience=audience([it])))
        url = portal().url
        assert "Tickets" in html(url, colleague)
        assert "Tickets" not in html(url)

    def test_shows_the_pages_below_that_are_in_menus_and_visible(self, it):
        section = page("Section")
        page("Open child", parent=section, show_in_menus=True)
        page("Child out of menus", parent=section)
        closed = page("Closed child", parent=section, show_in_menus=True)
        set_page_audience(closed, None, Clause.of([it]), None)
        menu(page_entry(section, with_children=True))
        told = html(portal().url)
        assert "Open child" in told
        assert "Child out of menus" not in told
        assert "Closed child" not in told

    def test_marks_the_page_that_is_open(self):
        here = portal()
        menu(page_entry(here, label="Here"))
        assert f'<a href="{here.url}" aria-current="page">Here</a>' in html(here.url)

    def test_escapes_labels(self):
        menu(link_entry("<b>Bold</b>", "/bold/"))
        assert "<b>Bold" not in html(portal().url)

    def test_without_that_name_shows_the_pages_in_menus(self, it, outsider):
        page("Canteen", show_in_menus=True)
        closed = page("Closed", show_in_menus=True)
        page("Elsewhere")
        set_page_audience(closed, None, Clause.of([it]), None)
        told = html(portal().url, outsider)
        assert "Canteen" in told
        assert "Closed" not in told
        assert "Elsewhere" not in told

    def test_follows_a_change_on_the_next_request(self):
        made = menu(link_entry("Old", "/old/"))
        url = portal().url
        assert "Old" in html(url)
        Menu.objects.get(pk=made.pk).delete()
        assert "Old" not in html(url)

    def test_makes_the_answer_private_only_when_somebody_is_meant(self, it, outsider):
        url = portal().url
        menu(link_entry("Canteen", "/canteen/"))
        assert "Cache-Control" not in client_of(outsider).get(url).headers
        Menu.objects.all().delete()
        menu(link_entry("Tickets", "/tickets/", audience([it])))
        assert "private" in client_of(outsider).get(url)["Cache-Control"]

    def test_keeps_a_segment_from_being_deleted(self, it):
        from wagtail_personalize.segments.usage import where_used

        menu(group_entry("Tools", link_entry("Tickets", "/tickets/", audience([it]))))
        assert "Main" in {usage.title for usage in where_used(it)}

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_costs_three_queries_at_any_number_of_entries_and_segments(self, it, colleague, number):
        plain = queries(client_of(colleague), portal(title="Plain").url)
        pages = [page(f"Page {n}", parent=home()) for n in range(min(number, 30))]
        entries = [page_entry(pages[n % len(pages)], audience([it]), with_children=True) for n in range(number)]
        more_segments(number)
        menu(*entries)
        # The pages, those below them and, on a site of several languages, which one is shown; without a menu one query.
        assert queries(client_of(colleague), portal(title="With").url) == plain + 2
