"""Promoted search results: what an editor picked for a search term may be restricted."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests.builders import page, person, segment
from tests.targeting.restricting import restrict
from wagtail_personalize import can_see, visible
from wagtail_personalize.segments.viewer import Viewer

from .editors import working_on
from .restrictions import TITLE
from .viewers import client_of, member

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


@pytest.fixture
def secret():
    found = page(TITLE)
    restrict(found, segment("Finance"))
    return found


@pytest.fixture
def query(secret):
    """A search term for which an open page, an address elsewhere and a restricted page are promoted."""
    query = Query.get("budget")
    query.editors_picks.create(page=page("Open"), sort_order=0)
    query.editors_picks.create(external_link_url="https://example.org", external_link_text="Elsewhere", sort_order=1)
    query.editors_picks.create(page=secret, description="All about austerity", sort_order=2)
    return query


@pytest.fixture
def promoter():
    """Somebody who promotes results and edits a section elsewhere."""
    someone = working_on(person(department="HR"), page("Another section"))
    of_promotions = Permission.objects.filter(content_type__app_label="wagtailsearchpromotions")
    someone.user_permissions.add(*of_promotions)
    return client_of(someone)


def edited(query, *picks):
    forms = [
        {"id": pick.pk, "page": pick.page_id or "", "ORDER": place} | _link(pick) for place, pick in enumerate(picks)
    ]
    return nested_form_data({"query_string": "other", "editors_picks": inline_formset(forms, initial=len(forms))})


def _link(pick):
    return {name: getattr(pick, name) or "" for name in ("external_link_url", "external_link_text", "description")}


class TestTag:
    def test_gives_what_one_may_see_and_counts_nothing_else(self, query):
        for client, shown in ((Client(), "2"), (member(), "3")):
            content = client.get("/promoted/?q=Budget").content.decode()
            assert content.split()[0] == shown
            assert "Open" in content
            assert "Elsewhere" in content
            assert (TITLE in content, "austerity" in content) == (shown == "3",) * 2

    def test_keeps_the_answer_of_a_member_out_of_shared_caches(self, query):
        assert "private" in member().get("/promoted/?q=budget")["Cache-Control"]

    def test_gives_nothing_for_an_empty_question(self, query):
        assert Client().get("/promoted/").content.split() == [b"0"]


class TestDoor:
    def test_takes_promotions_as_it_takes_pages(self, query, secret):
        picks, nobody = SearchPromotion.objects.all(), Viewer.anonymous()
        assert {pick.page for pick in visible(picks, nobody)} == {pick.page for pick in picks if can_see(pick, nobody)}
        assert secret not in {pick.page for pick in visible(picks, nobody)}


class TestAdmin:
    def test_lists_what_one_may_see_or_work_on(self, query, promoter):
        content = promoter.get(reverse("wagtailsearchpromotions:index")).content.decode()
        assert "Elsewhere" in content
        assert TITLE not in content

    def test_lists_no_term_for_which_nothing_is_left(self, secret, promoter):
        Query.get("hidden term").editors_picks.create(page=secret)
        assert b"hidden term" not in promoter.get(reverse("wagtailsearchpromotions:index")).content

    @pytest.mark.parametrize("view", ["edit", "delete"])
    def test_has_no_form_for_such_a_term(self, secret, promoter, view):
        only = Query.get("hidden term")
        only.editors_picks.create(page=secret)
        assert promoter.get(reverse(f"wagtailsearchpromotions:{view}", args=[only.pk])).status_code == 404

    def test_form_shows_the_others_and_leaves_the_hidden_one_where_it_is(self, query, secret, promoter):
        address = reverse("wagtailsearchpromotions:edit", args=[query.pk])
        content = promoter.get(address).content.decode()
        assert "Elsewhere" in content
        assert (TITLE in content, "austerity" in content) == (False, False)
        promoter.post(address, edited(query, *query.editors_picks.all()[:2]))
        assert Query.get("other").editors_picks.count() == 2
        assert query.editors_picks.get().page == secret.page_ptr

    def test_deletes_only_what_one_sees(self, query, secret, promoter):
        promoter.post(reverse("wagtailsearchpromotions:delete", args=[query.pk]))
        assert [pick.page for pick in SearchPromotion.objects.all()] == [secret.page_ptr]

    def test_history_names_the_term_and_no_page(self, query, promoter, admin_client):
        admin_client.post(
            reverse("wagtailsearchpromotions:edit", args=[query.pk]), edited(query, *query.editors_picks.all())
        )
        assert ModelLogEntry.objects.filter(content_type__model="searchpromotion").exists()
        assert TITLE not in promoter.get(reverse("wagtailadmin_reports:site_history")).content.decode()
