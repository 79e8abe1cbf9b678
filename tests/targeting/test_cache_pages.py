"""Whole pages from the cache: the same answer as without, for everybody, and none that belongs to one person."""

import contextlib
from datetime import timedelta

import pytest
import time_machine
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.utils import timezone, translation
from wagtail import hooks
from wagtail.models import PageViewRestriction

from tests.builders import audience, note, page, person, segment, targeted_page, undo
from tests.portal.models import Contact
from wagtail_personalize import visible
from wagtail_personalize.segments.models import ManualMember
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.targeting.caching import store, uncacheable
from wagtail_personalize.targeting.caching.announcing import _statement
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .caching import committed, counting, get, queries_of, rendered, switch_on, with_template
from .restricting import make_segments, restrict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings):
    switch_on(settings)


@pytest.fixture
def site():
    """A page with a note for each of two segments, and people in both, one and none of them."""

    class Site:
        pass

    with committed():
        Site.sales, Site.it = segment("Sales"), segment("IT")
        Site.page = targeted_page(
            note("For all"), note("For sales", audience([Site.sales])), note("For IT", audience([Site.it]))
        )
        Site.ada, Site.bob = person("ada", department="Sales"), person("bob", department="IT")
        Site.cyd, Site.dan = person("cyd", department="Sales"), person("dan", department="None")
    Site.url = Site.page.url
    return Site


class TestHit:
    def test_is_the_answer_of_somebody_in_the_same_segments(self, site):
        first, second = get(site.url, site.ada), get(site.url, site.cyd)
        assert rendered(first)
        assert not rendered(second)
        assert first.content == second.content
        assert b"For sales" in second.content

    def test_is_nothing_for_others(self, site):
        get(site.url, site.ada)
        assert b"For sales" not in get(site.url, site.bob).content
        assert b"For IT" in get(site.url, site.bob).content
        assert b"For sales" not in get(site.url).content

    def test_has_the_headers_of_a_page_that_was_rendered(self, site):
        first, second = get(site.url, site.ada), get(site.url, site.ada)
        assert dict(first.headers) == dict(second.headers)
        assert second["Cache-Control"] == "private"
        assert "Cookie" in second["Vary"]

    def test_costs_one_query_beside_session_and_user(self, site, client):
        client.force_login(site.ada)
        client.get(site.url)
        client.get(site.url)
        _, queries = queries_of(site.url, client)
        assert len(queries) == 3, queries

    @pytest.mark.parametrize("segments", [1, 500])
    def test_costs_the_same_at_any_number_of_segments(self, site, client, segments):
        with committed():
            make_segments(segments)
        client.force_login(site.ada)
        client.get(site.url)
        client.get(site.url)
        _, queries = queries_of(site.url, client)
        assert len(queries) == 3

    def test_is_found_with_head(self, site, client):
        client.force_login(site.ada)
        body = client.get(site.url).content
        head = client.head(site.url)
        assert (head.status_code, head.content, head["Content-Type"]) == (200, b"", "text/html; charset=utf-8")
        assert body

    def test_runs_after_the_check_for_a_restricted_page(self, site, client):
        with committed():
            restrict(site.page, site.sales)
        client.force_login(site.ada)
        assert rendered(client.get(site.url))
        again = client.get(site.url)
        assert not rendered(again)
        assert again["Cache-Control"] == "private"
        assert get(site.url, site.bob).status_code == 404
        assert get(site.url).status_code == 302
        assert not rendered(get(site.url, site.cyd))

    def test_runs_after_wagtails_privacy(self, site):
        with committed():
            restriction = PageViewRestriction.objects.create(page=site.page, restriction_type="login")
        get(site.url, site.ada)
        hit = get(site.url, site.ada)
        assert not rendered(hit)
        assert "no-store" in hit["Cache-Control"]
        assert get(site.url).status_code == 302
        with committed():
            restriction.delete()
        assert get(site.url).status_code == 200

    def test_runs_after_hooks_of_the_site(self, site):
        seen = []
        get(site.url, site.ada)
        with hooks.register_temporarily("before_serve_page", lambda page, *rest: seen.append(page.pk)):
            assert not rendered(get(site.url, site.ada))
        assert seen == [site.page.pk]

    def test_answers_conditional_requests_after_the_check(self, site, settings):
        settings.MIDDLEWARE = ["django.middleware.http.ConditionalGetMiddleware", *settings.MIDDLEWARE]
        get(site.url, site.ada)
        tag = get(site.url, site.ada)["ETag"]
        assert get(site.url, site.ada, if_none_match=tag).status_code == 304
        with committed():
            restrict(site.page, site.it)
        assert get(site.url, site.ada, if_none_match=tag).status_code == 404


class TestInvalidation:
    """Each change is seen on the next request, by people for whom the page was stored."""

    @pytest.fixture(autouse=True)
    def stored(self, site):
        get(site.url, site.ada)
        assert not rendered(get(site.url, site.ada))

    def test_publishing(self, site):
        with committed():
            site.page.body = [("note", {"text": "New text", "audience": None})]
            site.page.save_revision().publish()
        assert b"New text" in get(site.url, site.ada).content

    def test_a_draft_changes_nothing(self, site):
        with committed():
            site.page.title = "Draft"
            site.page.save_revision()
        assert not rendered(get(site.url, site.ada))

    def test_saving_without_a_revision(self, site):
        with committed():
            type(site.page).objects.filter(pk=site.page.pk).update(title="Renamed")
        assert b"Renamed" in get(site.url, site.ada).content

    def test_unpublishing(self, site):
        with committed():
            site.page.unpublish()
        assert get(site.url, site.ada).status_code == 404

    def test_deleting(self, site):
        with committed():
            site.page.delete()
        assert get(site.url, site.ada).status_code == 404

    def test_moving_into_a_restricted_section(self, site):
        with committed():
            section = page("Section")
            restrict(section, site.it)
        with committed():
            site.page.move(section, pos="last-child")
        assert get(site.url, site.ada).status_code == 404
        assert get(site.page.__class__.objects.get(pk=site.page.pk).url, site.ada).status_code == 404

    def test_restricting_the_page(self, site):
        with committed():
            restrict(site.page, site.it)
        assert get(site.url, site.ada).status_code == 404

    def test_losing_a_segment(self, site):
        with committed():
            site.ada.staff.department = "None"
            site.ada.staff.save()
        assert b"For sales" not in get(site.url, site.ada).content
        assert b"For sales" in get(site.url, site.cyd).content

    def test_a_changed_rule(self, site):
        with committed():
            site.sales.rule = {"all": [{"attribute": "department", "operator": "is", "value": "IT"}]}
            site.sales.save()
        assert b"For sales" not in get(site.url, site.ada).content

    def test_a_segment_that_became_a_draft(self, site):
        with committed():
            undo(site.sales)
        assert b"For sales" not in get(site.url, site.ada).content

    def test_signing_out(self, site, client):
        client.force_login(site.ada)
        assert b"For sales" in client.get(site.url).content
        client.logout()
        assert b"For sales" not in client.get(site.url).content

    def test_another_language(self, site):
        with translation.override("de"):
            assert get(site.url, site.ada, accept_language="de").status_code == 200

    def test_the_start_of_a_block(self, site):
        soon = timezone.now() + timedelta(minutes=5)
        with committed():
            later = targeted_page(note("Begun", audience(starts=soon.isoformat())), note("There"))
        assert b"Begun" not in get(later.url, site.ada).content
        assert not rendered(get(later.url, site.ada))
        with time_machine.travel(soon + timedelta(seconds=1)):
            assert b"Begun" in get(later.url, site.ada).content

    def test_the_start_and_the_end_of_a_snippet(self, site, monkeypatch):
        begins = timezone.now() + timedelta(minutes=3)
        ends = begins + timedelta(minutes=3)

        def serve(page, request):
            seen.append(request.path)
            return HttpResponse("".join(each.name for each in visible(Contact.objects.all(), request.viewer)))

        seen = []
        monkeypatch.setattr(type(site.page), "serve", serve)
        with committed():
            Contact.objects.create(name="Ada", visible_from=begins, visible_until=ends)
            listing = targeted_page(note("Contacts"))
        for moment, shown in ((None, b""), (begins, b"Ada"), (ends, b"")):
            with time_machine.travel(moment + timedelta(seconds=1)) if moment else contextlib.nullcontext():
                assert get(listing.url, site.ada).content == get(listing.url, site.ada).content == shown
        assert len(seen) == 3, "Rendered once for each time, and kept in between."


class TestWatching:
    def test_no_statement_is_looked_at_without_a_cache(self, settings):
        assert _statement in connection.execute_wrappers
        switch_on(settings, None)
        assert _statement not in connection.execute_wrappers


class TestEmbedded:
    """What a page shows of others ends the stored page when it changes."""

    LISTING = "{% load personalize_tags %}{% visible_pages page.get_children.live as found %}" + (
        "{% for each in found %}[{{ each.title }}]{% endfor %}"
    )

    @pytest.fixture
    def section(self, site, settings):
        with_template(settings, "intranet/standard_page.html", self.LISTING)
        with committed():
            section = page("Section")
            site.open, site.closed = page("Open", parent=section), page("Closed", parent=section)
            restrict(site.closed, site.sales)
        for user in (site.ada, site.bob):
            get(section.url, user)
        return section

    def test_shows_each_what_they_may_see(self, site, section):
        assert get(section.url, site.ada).content == b"[Open][Closed]"
        assert get(section.url, site.cyd).content == b"[Open][Closed]"
        assert not rendered(get(section.url, site.cyd))
        assert get(section.url, site.bob).content == get(section.url).content == b"[Open]"

    def test_keeps_one_copy_for_each_answer(self, site, section, settings):
        switch_on(settings)
        with counting() as kept:
            for user in (site.ada, site.bob, site.cyd, site.dan):
                get(section.url, user)
        assert len(kept) == 2

    def test_renamed_page(self, site, section):
        with committed():
            site.open.title = "Other"
            site.open.save_revision().publish()
        assert get(section.url, site.ada).content == b"[Other][Closed]"

    def test_restricted_page(self, site, section):
        with committed():
            restrict(site.open, site.sales)
        assert get(section.url, site.bob).content == b""

    def test_lifted_restriction(self, site, section):
        with committed():
            set_page_audience(site.closed, None, None, None)
        assert get(section.url, site.bob).content == b"[Open][Closed]"

    def test_new_page(self, site, section):
        with committed():
            page("Newest", parent=section)
        assert b"Newest" in get(section.url, site.bob).content

    def test_bulk_update_that_sends_no_signal(self, site, settings):
        with_template(settings, "intranet/standard_page.html", "{{ page.owner.first_name }}")
        with committed():
            owned = page("Owned", owner=site.dan)
        get(owned.url, site.ada)
        with committed():
            type(site.dan).objects.filter(pk=site.dan.pk).update(first_name="Dan")
        assert get(owned.url, site.ada).content == b"Dan"

    def test_what_was_rolled_back_is_kept_for_nobody(self, site, section):
        with committed(), contextlib.suppress(ZeroDivisionError), transaction.atomic():
            type(site.open).objects.filter(pk=site.open.pk).update(title="Never")
            assert b"Never" in get(section.url, site.dan).content
            1 / 0
        assert b"Never" not in get(section.url, site.dan).content


class TestNeverStored:
    """Whatever belongs to one person or one request is rendered each time."""

    @pytest.mark.parametrize(
        "source",
        [
            "{{ request.user.username }}",
            "{{ user.get_full_name }}",
            "{{ request.viewer.person_id }}",
            "{{ request.viewer.label }}",
            "{{ request.viewer.segment_ids }}",
            "{{ perms.wagtailadmin }}{% if perms.wagtailadmin.access_admin %}x{% endif %}",
            "{{ request.session.anything }}",
            "{{ request.COOKIES.anything }}",
            "{{ request.META.HTTP_USER_AGENT }}",
            "{{ request.META.REMOTE_ADDR }}",
            "{{ request.headers.Referer }}",
            "<form>{% csrf_token %}</form>",
        ],
    )
    def test_what_looks_at_the_person_or_the_browser(self, site, settings, source):
        with_template(settings, "intranet/targeted_page.html", source)
        get(site.url, site.ada)
        assert rendered(get(site.url, site.ada))

    @pytest.mark.parametrize(
        "source",
        [
            "{% if request.user.is_authenticated %}in{% else %}out{% endif %}",
            "{% if user.is_anonymous %}out{% else %}in{% endif %}",
            "{% load wagtailuserbar %}{% wagtailuserbar %}{% if messages %}{{ messages }}{% endif %}",
            "{{ request.path }}{{ request.get_host }}{{ request.is_secure }}",
        ],
    )
    def test_is_not_what_many_people_share(self, site, settings, source):
        with_template(settings, "intranet/targeted_page.html", source)
        first = get(site.url, site.ada)
        assert not rendered(get(site.url, site.bob))
        assert get(site.url, site.bob).content == first.content
        assert rendered(get(site.url)) == ("user" in source and "bar" not in source)

    def test_the_userbar_of_an_editor(self, site, settings, admin_user):
        with_template(settings, "intranet/targeted_page.html", "{% load wagtailuserbar %}{% wagtailuserbar %}")
        get(site.url, site.ada)
        assert b"wagtail-userbar" in get(site.url, admin_user).content
        assert rendered(get(site.url, admin_user))
        assert b"wagtail-userbar" not in get(site.url, site.ada).content

    @pytest.mark.parametrize("url", ["?page=2", "?utm_source=x"])
    def test_an_address_with_a_query(self, site, url):
        get(site.url + url, site.ada)
        assert rendered(get(site.url + url, site.ada))

    def test_other_methods(self, site):
        get(site.url, site.ada)
        client = Client()
        client.force_login(site.ada)
        assert rendered(client.post(site.url))

    def test_requests_with_authorization_or_by_script(self, site):
        get(site.url, site.ada)
        assert rendered(get(site.url, site.ada, authorization="Bearer x"))
        assert rendered(get(site.url, site.ada, x_requested_with="XMLHttpRequest"))

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda response: response.set_cookie("a", "b"),
            lambda response: response.headers.__setitem__("Vary", "User-Agent"),
            lambda response: response.headers.__setitem__("Cache-Control", "no-store"),
            lambda response: setattr(response, "status_code", 203),
        ],
    )
    def test_answers_with_unusual_headers(self, site, monkeypatch, spoil):
        def serve(page, request, *args, **kwargs):
            response = HttpResponse("x")
            spoil(response)
            seen.append(1)
            return response

        seen = []
        monkeypatch.setattr(type(site.page), "serve", serve)
        get(site.url, site.ada)
        get(site.url, site.ada)
        assert len(seen) == 2

    def test_streams(self, site, monkeypatch):
        monkeypatch.setattr(type(site.page), "serve", lambda *args: StreamingHttpResponse([b"x"]))
        with counting() as kept:
            get(site.url, site.ada)
        assert kept == []

    def test_what_writes_while_it_renders(self, site, monkeypatch):
        def serve(page, request):
            type(site.ada).objects.filter(pk=site.ada.pk).update(first_name="seen")
            return HttpResponse("x")

        monkeypatch.setattr(type(site.page), "serve", serve)
        with counting() as kept:
            get(site.url, site.ada)
        assert kept == []

    def test_what_the_site_calls_personal(self, site, monkeypatch):
        def serve(page, request):
            uncacheable(request)
            return HttpResponse("x")

        monkeypatch.setattr(type(site.page), "serve", serve)
        with counting() as kept:
            get(site.url, site.ada)
        assert kept == []

    def test_a_message(self, site, monkeypatch):
        original = type(site.page).serve

        def serve(page, request):
            messages.info(request, "Only for Ada")
            return original(page, request)

        with_message = Client()
        with_message.force_login(site.ada)
        monkeypatch.setattr(type(site.page), "serve", serve)
        with counting() as kept:
            with_message.get(site.url)
        monkeypatch.undo()
        assert kept == []
        get(site.url, site.ada)
        assert rendered(with_message.get(site.url)), "A message waits, so nothing is taken from the cache."

    def test_previews(self, site):
        with counting() as kept:
            site.page.make_preview_request()
        assert kept == []

    def test_more_variants_of_a_page_than_are_kept(self, site, monkeypatch):
        assert store.MOST_VARIANTS == 64
        monkeypatch.setattr(store, "MOST_VARIANTS", 5)
        with committed():
            many = [segment(f"S{n}") for n in range(3)]
            crowded = targeted_page(*[note(f"For {n}", audience([each])) for n, each in enumerate(many)])
        names = [f"p{n}" for n in range(8)]
        with committed():
            people = [person(name) for name in names]
            for place, each in enumerate(people):
                for number, chosen in enumerate(many):
                    if place >> number & 1:
                        ManualMember.objects.create(segment=chosen, person=each, always="include")
            refresh()
        for each in people:
            get(crowded.url, each)
        assert sum(not rendered(get(crowded.url, each)) for each in people) == 5
