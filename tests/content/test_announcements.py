"""Announcements: who sees which, until when, and how they are put away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import lose, page, person, segment, user
from wagtail_personalize.privacy.recorded import sections
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.content.announcements import announcements_for
from wagtail_personalize.targeting.content.models import AnnouncementDismissal
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .builders import announcement, client_of, html, meant_for, more_segments, portal, queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def put_away(client, shown, **data):
    return client.post(reverse("wagtail_personalize:put_away", args=[shown.pk]), data)


def recorded(someone):
    (section,) = (each for each in sections() if each.name == "put_away")
    return [str(row.title) for row in section.rows(someone)]


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def colleague():
    return person(department="IT", first_name="Ada")


class TestShown:
    def test_to_those_who_are_meant(self, it, colleague):
        announcement("Servers restart", audience=meant_for(it))
        announcement("Canteen closed")
        url = portal().url
        assert "Servers restart" in html(url, colleague)
        for other in (person(department="HR"), None):
            assert "Servers" not in html(url, other)
            assert "Canteen closed" in html(url, other)

    def test_from_the_start_until_the_end(self):
        now = timezone.now()
        announcement("Later", visible_from=now + DAY)
        announcement("Over", visible_until=now - DAY)
        announcement("Running", visible_from=now - DAY, visible_until=now + DAY)
        told = html(portal().url)
        assert "Running" in told
        assert "Later" not in told
        assert "Over" not in told

    def test_urgent_ones_first_and_with_a_word_for_the_level(self):
        for level in ("info", "urgent", "warning"):
            announcement(f"Of level {level}", level=level)
        told = html(portal().url)
        places = [told.index(f"Of level {level}") for level in ("urgent", "warning", "info")]
        assert places == sorted(places)
        assert "Urgent</span>" in told

    def test_not_at_all_when_there_is_none(self):
        assert "personal-announcements" not in html(portal().url)

    def test_with_a_link_only_for_those_who_may_see_the_page(self, it, colleague):
        secret = page("Secret plan")
        set_page_audience(secret, None, Clause.of([it]), None)
        announcement("News", page=secret)
        url = portal().url
        assert secret.url in html(url, colleague)
        for other in (person(department="HR"), None):
            told = html(url, other)
            assert "News" in told
            assert "ecret" not in told

    def test_escaped_and_with_placeholders(self, colleague):
        announcement("Hello {first_name|you} <b>", text="{department|Everybody}\n<script>")
        told = html(portal().url, colleague)
        assert "Hello Ada &lt;b&gt;" in told
        assert "IT<br>&lt;script&gt;" in told
        assert "Hello you" in html(portal().url)

    def test_in_a_private_answer(self, colleague):
        announcement("News")
        for someone in (colleague, None):
            answer = client_of(someone).get(portal().url)
            assert "private" in answer["Cache-Control"]
            assert "Cookie" in answer["Vary"]

    def test_to_nobody_when_the_segment_is_gone(self, it):
        announcement("Not for IT", audience=meant_for(exclude=[it]))
        someone, url = person(department="HR"), portal().url
        assert "Not for IT" in html(url, someone)
        lose(it)
        assert "Not for IT" not in html(url, someone)


class TestCost:
    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_is_one_query_for_somebody_signed_in_at_any_number_of_segments(self, it, colleague, number):
        url = portal().url
        client = client_of(colleague)
        plain = queries(client, url)
        more_segments(number)
        for n in range(10):
            announcement(f"News {n}", audience=meant_for(it), page=page(f"Page {n}"))
        assert queries(client, url) == plain + 1

    def test_is_nothing_when_none_is_for_the_reader(self, it):
        client, url = client_of(person(department="HR")), portal().url
        plain = queries(client, url)
        announcement("News", audience=meant_for(it))
        announcement("Over", visible_until=timezone.now() - DAY)
        assert queries(client, url) == plain

    def test_is_nothing_for_a_visitor_where_nothing_links_to_a_page(self):
        url = portal().url
        plain = queries(Client(), url)
        announcement("News")
        assert queries(Client(), url) == plain


class TestPutAway:
    def test_is_remembered_for_the_person_wherever_they_sign_in(self, colleague):
        shown, url = announcement("News"), portal().url
        answer = put_away(client_of(colleague), shown, next=url)
        assert (answer.status_code, answer.url) == (302, url)
        assert "News" not in html(url, colleague)
        assert "News" in html(url, person())

    def test_is_remembered_for_a_visitor_in_the_browser(self):
        shown, url, client = announcement("News"), portal().url, Client()
        put_away(client, shown, next=url)
        assert b"News" not in client.get(url).content
        assert "News" in html(url)
        assert not AnnouncementDismissal.objects.exists()

    def test_survives_a_cookie_with_nonsense(self):
        shown, url, client = announcement("News"), portal().url, Client()
        for nonsense in ("x", "1..2", "-1", "9" * 5000, f"{shown.pk};drop"):
            client.cookies["personalize_put_away"] = nonsense
            assert b"News" in client.get(url).content

    def test_twice_is_like_once(self, colleague):
        shown = announcement("News")
        assert [put_away(client_of(colleague), shown).status_code for _time in range(2)] == [302, 302]
        assert AnnouncementDismissal.objects.count() == 1

    def test_takes_a_post_and_a_token(self, colleague):
        shown = announcement("News")
        address = reverse("wagtail_personalize:put_away", args=[shown.pk])
        assert client_of(colleague).get(address).status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(colleague)
        assert strict.post(address).status_code == 403
        assert not AnnouncementDismissal.objects.exists()

    def test_leads_to_no_other_host(self, colleague):
        shown = announcement("News")
        for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
            assert put_away(client_of(colleague), shown, next=wanted).url == "/"

    def test_of_what_is_not_shown_is_like_of_what_is_missing(self, it):
        outsider = client_of(person(department="HR"))
        hidden = announcement("For IT", audience=meant_for(it))
        fixed = announcement("Fixed", dismissible=False)
        answers = [put_away(outsider, shown) for shown in (hidden, fixed)]
        missing = outsider.post(reverse("wagtail_personalize:put_away", args=[10_000]))
        assert {answer.status_code for answer in (*answers, missing)} == {404}
        assert {answer.content for answer in (*answers, missing)} == {missing.content}

    def test_is_not_offered_where_it_is_not_possible(self):
        announcement("Fixed", dismissible=False)
        assert "<form" not in html(portal().url)

    def test_is_recorded_about_the_person_and_goes_with_them(self, it, colleague):
        shown = announcement("News for IT", audience=meant_for(it))
        put_away(client_of(colleague), shown)
        assert recorded(colleague) == ["News for IT"]
        assert recorded(person()) == []
        colleague.staff.department = "HR"
        colleague.staff.save()
        assert "News for IT" not in str(recorded(colleague))
        assert len(recorded(colleague)) == 1
        colleague.delete()
        assert not AnnouncementDismissal.objects.exists()

    def test_does_not_count_in_a_preview(self, colleague, rf):
        shown = announcement("News")
        put_away(client_of(colleague), shown)
        viewer = Viewer.for_person(colleague, is_preview=True)
        (seen,) = announcements_for(viewer, rf.get("/"))
        assert not seen.dismissible


class TestEditor:
    def test_makes_one_in_the_menu_of_the_admin(self, it):
        admin = client_of(user(is_superuser=True, is_staff=True))
        address = reverse("personalize_announcements:add")
        assert 'name="audience-include"' in admin.get(address).content.decode()
        answer = admin.post(address, {"title": "Hello {firstname}", "level": "info", "text": "x"})
        assert "There is no placeholder {firstname}" in answer.content.decode()
        answer = admin.post(address, {"title": "Hello {first_name}", "level": "info", "text": "x"})
        assert answer.status_code == 302
        listing = admin.get(reverse("personalize_announcements:index")).content.decode()
        assert "Everyone" in listing
        assert "Running" in listing

    def test_needs_the_permission(self):
        editor = user(is_staff=True)
        from django.contrib.auth.models import Permission

        editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
        for kind in ("announcements", "menus", "landing_pages", "knowledge_topics"):
            assert client_of(editor).get(reverse(f"personalize_{kind}:add")).status_code == 302
