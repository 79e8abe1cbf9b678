"""The gate at the front door of a page, and the answers it gives."""

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from tests.builders import home, page, person, segment, user
from tests.intranet.models import TopicPage
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting import path_query

from .restricting import bulk, make_segments, open_up, recommend, restrict, restrict_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def secret(finance):
    secret = page("Secret")
    restrict(secret, finance)
    return secret


def client_of(someone):
    client = Client()
    client.force_login(someone)
    return client


def answer(client, url, method="get", **kwargs):
    """All that a visitor can tell one answer from another by."""
    response = getattr(client, method)(url, **kwargs)
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, headers, response.content


class TestGate:
    def test_lets_a_member_in(self, secret):
        assert client_of(person(department="Finance")).get(secret.url).status_code == 200

    def test_refuses_somebody_else(self, secret):
        assert client_of(person(department="HR")).get(secret.url).status_code == 404

    def test_refuses_a_user_without_a_profile(self, secret):
        assert client_of(user()).get(secret.url).status_code == 404

    def test_refuses_an_excluded_member(self, finance):
        managers = segment("Managers", {"all": [{"attribute": "level", "operator": "gte", "value": 5}]})
        closed = page("Closed")
        restrict(closed, finance, without=[managers])
        assert client_of(person(department="Finance", level=7)).get(closed.url).status_code == 404

    def test_holds_below_the_restricted_page(self, secret):
        below = page("Below", parent=page("Middle", parent=secret))
        assert client_of(person()).get(below.url).status_code == 404

    @pytest.mark.parametrize("rights", [{"is_superuser": True}, {"is_staff": True}])
    def test_knows_no_editors(self, secret, rights):
        assert client_of(user(**rights)).get(secret.url).status_code == 404

    def test_forgets_a_right_on_the_next_request(self, secret):
        someone = person(department="Finance")
        client = client_of(someone)
        assert client.get(secret.url).status_code == 200
        someone.staff.department = "HR"
        someone.staff.save()
        assert client.get(secret.url).status_code == 404

    def test_opens_when_the_restriction_is_lifted(self, secret):
        open_up(secret)
        assert Client().get(secret.url).status_code == 200

    @pytest.mark.parametrize("fate", [{"broken": "Department is gone."}, None])
    def test_lets_nobody_in_when_a_segment_is_broken_or_gone(self, secret, finance, fate):
        member = client_of(person(department="Finance"))
        if fate:
            Segment.objects.filter(pk=finance.pk).update(**fate)
        else:
            finance.memberships.all().delete()
            Segment.objects.filter(pk=finance.pk)._raw_delete("default")
        segment("Another")  # the version grows
        assert member.get(secret.url).status_code == 404

    def test_lets_nobody_in_when_only_an_excluded_segment_is_broken(self, finance):
        closed = page("Closed")
        restrict(closed, without=[finance])
        client = client_of(person(department="HR"))
        assert client.get(closed.url).status_code == 200
        Segment.objects.filter(pk=finance.pk).update(broken="Department is gone.")
        segment("Another")
        assert client.get(closed.url).status_code == 404

    def test_does_not_mind_recommendations(self, finance):
        open_page = page("For all")
        recommend(open_page, finance)
        assert Client().get(open_page.url).status_code == 200

    def test_follows_an_alias_to_the_restrictions_of_its_source(self, secret):
        alias = page("Child", parent=secret).create_alias(parent=page("Open"), update_slug="alias")
        outsider, member = client_of(person()), client_of(person(department="Finance"))
        assert (outsider.get(alias.url).status_code, member.get(alias.url).status_code) == (404, 200)

    def test_follows_an_alias_above_also_when_it_did_not_know_of_it(self, secret):
        path_query._below_aliases.clear()
        alias = page("Child", parent=secret).create_alias(parent=page("Open"), update_slug="alias")
        below = page("Below", parent=alias)
        outsider, member = client_of(person()), client_of(person(department="Finance"))
        assert [outsider.get(below.url).status_code for _ in range(2)] == [404, 404]
        assert member.get(below.url).status_code == 200

    def test_leaves_wagtails_own_privacy_to_wagtail(self, secret):
        PageViewRestriction.objects.create(page=secret, restriction_type="password", password="tell me")
        member = client_of(person(department="Finance"))
        assert b"password" in member.get(secret.url).content.lower()
        assert client_of(person()).get(secret.url).status_code == 404


class TestSameAnswer:
    """The same address, before and after the page exists."""

    @pytest.mark.parametrize("method", ["get", "head", "post"])
    @pytest.mark.parametrize("mode", ["login", "404"])
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_is_given_for_missing_and_restricted_pages(self, finance, method, mode, signed_in):
        client = client_of(person()) if signed_in else Client()
        with override_settings(
            WAGTAIL_PERSONALIZE={"PROFILE": "tests.intranet.people.StaffProfile", "ANONYMOUS": mode}
        ):
            before = answer(client, "/salaries/?year=2026", method)
            restrict(page("Salaries"), finance)
            after = answer(client, "/salaries/?year=2026", method)
        assert before == after
        assert before[0] == (302 if mode == "login" and not signed_in else 404)

    def test_is_given_on_sub_routes(self, finance):
        for client in (Client(), client_of(person())):
            missing = answer(client, "/topic/archive/2026/"), answer(client, "/topic/archive/never/")
            topic = page("Topic", model=TopicPage)
            open_page = client.get("/topic/archive/2026/")
            restrict(topic, finance)
            assert (answer(client, "/topic/archive/2026/"), answer(client, "/topic/archive/never/")) == missing
            assert open_page.content == b"Archive of 2026"
            topic.delete()

    def test_is_given_for_conditional_and_partial_requests(self, finance):
        asked = {"headers": {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT", "Range": "bytes=0-9"}}
        client = client_of(person())
        before = answer(client, "/salaries/", **asked)
        restrict(page("Salaries"), finance)
        assert answer(client, "/salaries/", **asked) == before

    def test_sends_an_anonymous_visitor_to_the_login_and_back(self, secret):
        response = Client().get(secret.url + "?tab=2")
        assert response.status_code == 302
        assert response.url == "/login/?next=/secret/%3Ftab%3D2"

    @override_settings(WAGTAIL_FRONTEND_LOGIN_URL="/sign-in/")
    def test_uses_the_login_that_wagtail_uses(self, secret):
        assert Client().get(secret.url).url == "/sign-in/?next=/secret/"

    def test_may_never_be_kept_by_a_cache(self, secret):
        for client in (Client(), client_of(person())):
            headers = client.get(secret.url).headers
            assert "private" in headers["Cache-Control"]
            assert "Cookie" in headers["Vary"]

    def test_leaves_other_addresses_alone(self):
        assert Client().get("/static/none.css").status_code == 404
        assert Client().get("/no-such-thing.php").status_code == 404

    @pytest.mark.parametrize("place", [0, None])
    def test_lets_redirects_for_old_addresses_go_first(self, settings, place, finance):
        middleware = list(settings.MIDDLEWARE)
        middleware.insert(
            len(middleware) if place is None else place, "wagtail.contrib.redirects.middleware.RedirectMiddleware"
        )
        settings.MIDDLEWARE = middleware
        Redirect.objects.create(old_path="/salaries", redirect_link="/pay/")
        before = answer(Client(), "/salaries/")
        restrict(page("Salaries"), finance)
        assert answer(Client(), "/salaries/") == before
        assert before[1]["Location"] == "/pay/"


class TestMarking:
    def test_a_restricted_page_is_private(self, secret):
        headers = client_of(person(department="Finance")).get(secret.url).headers
        assert (headers["Cache-Control"], headers["Vary"]) == ("private", "Cookie")

    def test_an_open_page_is_not(self, secret):
        headers = client_of(person()).get(page("Open").url).headers
        assert "Cache-Control" not in headers


class TestCost:
    @pytest.mark.parametrize("number", [1, 500])
    def test_is_one_query_however_many_segments_and_restrictions(self, number):
        deep = page("Deep", parent=page("Middle", parent=page("Top")))
        client = client_of(person(department="Finance"))
        plain = count_queries(client, deep.url)
        mine = segment("Finance")
        restrict_many(bulk(home(), number), make_segments(number))
        restrict(deep, mine)
        client.get(deep.url)  # the process learns the new audiences, once
        assert count_queries(client, deep.url) == plain
        assert count_queries(client, deep.url, of="personalize_") == 1

    def test_below_an_alias_it_is_one_query_too(self, secret):
        client = client_of(person(department="Finance"))
        alias = page("Child", parent=secret).create_alias(parent=page("Open"), update_slug="alias")
        below = page("Below", parent=alias)
        client.get(below.url)
        assert count_queries(client, below.url, of="personalize_") == 1


def count_queries(client, url, of=""):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len([query for query in queries if of in query["sql"]])
