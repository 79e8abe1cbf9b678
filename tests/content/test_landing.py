"""Landing pages: where some people arrive, and that nobody is led where they may not go."""

import pytest
from wagtail.models import PageViewRestriction

from tests.builders import audience, home, lose, page, person, segment
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.content.models import LandingPage
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .builders import client_of, meant_for, more_segments

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def colleague():
    return person(department="IT")


@pytest.fixture
def cockpit(it):
    """A page on which people of IT arrive."""
    home()
    new = page("Cockpit")
    LandingPage.objects.create(page=new, audience=meant_for(it))
    return new


def arrives(someone=None, url="/"):
    """Where somebody is led to, ``None`` for whoever stays."""
    answer = client_of(someone).get(url)
    assert answer.status_code in (200, 302)
    return answer.url if answer.status_code == 302 else None


@pytest.mark.usefixtures("cockpit")
class TestLandingPage:
    def test_opens_for_those_who_are_meant(self, cockpit, colleague):
        assert arrives(colleague) == cockpit.url

    def test_leaves_everybody_else_on_the_start_page(self):
        assert arrives(person(department="HR")) is None
        assert arrives() is None

    def test_is_an_answer_that_no_cache_shares(self, colleague):
        for someone in (colleague, person(), None):
            answer = client_of(someone).get("/")
            assert "private" in answer["Cache-Control"]
            assert "Cookie" in answer["Vary"]

    def test_leaves_the_start_page_within_reach(self, colleague):
        assert arrives(colleague, "/?start") is None

    def test_keeps_the_query(self, cockpit, colleague):
        assert arrives(colleague, "/?from=mail") == f"{cockpit.url}?from=mail"

    def test_leads_from_no_other_page(self, colleague):
        assert arrives(colleague, page("Elsewhere").url) is None

    def test_does_not_catch_what_is_sent(self, colleague):
        assert client_of(colleague).post("/").status_code != 302

    def test_goes_by_the_order(self, it, colleague):
        first = page("First")
        LandingPage.objects.update(order=5)
        LandingPage.objects.create(page=first, audience=meant_for(it), order=1)
        assert arrives(colleague) == first.url

    def test_never_leads_to_a_page_that_one_may_not_see(self, it, cockpit, colleague):
        set_page_audience(cockpit, None, Clause.of([segment("HR")]), None)
        assert arrives(colleague) is None
        second = page("Second")
        LandingPage.objects.create(page=second, audience=meant_for(it), order=9)
        assert arrives(colleague) == second.url

    def test_never_leads_to_a_page_that_wagtail_keeps_private(self, cockpit, colleague):
        PageViewRestriction.objects.create(page=cockpit, restriction_type="password", password="x")
        assert arrives(colleague) is None

    def test_never_leads_to_a_draft(self, cockpit, colleague):
        cockpit.unpublish()
        assert arrives(colleague) is None

    def test_never_leads_in_a_circle(self, it, colleague):
        LandingPage.objects.all().delete()
        LandingPage.objects.create(page=home(), audience=meant_for(it))
        assert arrives(colleague) is None

    def test_of_a_segment_that_is_gone_opens_for_nobody(self, it, cockpit):
        LandingPage.objects.update(audience=meant_for(exclude=[it]))
        someone = person(department="HR")
        lose(it)
        assert arrives(someone) is None

    def test_goes_with_its_page(self, cockpit, colleague):
        cockpit.delete()
        assert not LandingPage.objects.exists()
        assert arrives(colleague) is None

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_costs_two_queries_more_and_none_on_other_pages(self, it, cockpit, colleague, number):
        from .builders import queries

        other = page("Other")
        with_landing = queries(client_of(colleague), other.url)
        more_segments(number)
        LandingPage.objects.bulk_create([LandingPage(page=cockpit, audience=meant_for(it)) for _n in range(number)])
        assert queries(client_of(colleague), other.url) == with_landing
        LandingPage.objects.all().delete()
        assert queries(client_of(colleague), other.url) == with_landing


def test_audience_of_the_form_is_the_stored_one(it):
    from wagtail_personalize.targeting.content.audience_key_form import AudienceKeyField

    assert AudienceKeyField().clean(audience([it])) == meant_for(it)
