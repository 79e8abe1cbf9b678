"""No filter, order or page of a listing tells that something hidden is there: every answer is as if it were not."""

from datetime import UTC, datetime, timedelta

import pytest
import wagtail
from django.contrib.auth.models import Permission
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction

from tests.builders import page, person, segment
from tests.targeting.restricting import restrict

from .editors import working_on
from .viewers import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

VERSION_2 = [
    "/api/v2/pages/?search=Hidden",
    "/api/v2/pages/?search=Hidden&search_operator=or",
    "/api/v2/pages/?order=title&limit=1&offset=2",
    "/api/v2/pages/?order=-title&limit=2",
    "/api/v2/pages/?order=-first_published_at",
    "/api/v2/pages/?limit=1",
    "/api/v2/pages/?child_of={parent}",
    "/api/v2/pages/?child_of={parent}&order=-title&limit=1&offset=1",
    "/api/v2/pages/?child_of={hidden}",
    "/api/v2/pages/?descendant_of={parent}",
    "/api/v2/pages/?descendant_of={hidden}",
    "/api/v2/pages/?ancestor_of={hidden}",
    "/api/v2/pages/?ancestor_of={below}",
    "/api/v2/pages/?translation_of={hidden}",
    "/api/v2/pages/?translation_of={translation}",
    "/api/v2/pages/?locale=de",
    "/api/v2/pages/?title=Hidden",
    "/api/v2/pages/?slug=hidden",
    "/api/v2/pages/?id={hidden}",
    "/api/v2/pages/?type=intranet.StandardPage",
    "/api/v2/pages/?type=intranet.StandardPage&intro=Hidden",
    "/api/v2/pages/?fields=*",
    "/api/v2/pages/?fields=parent",
    "/api/v2/pages/{hidden}/",
    "/api/v2/pages/{hidden}/?fields=parent",
    "/api/v2/pages/{below}/?fields=parent(title)",
    "/api/v2/pages/{parent}/?fields=*",
    "/api/v2/pages/find/?id={hidden}",
    "/api/v2/pages/find/?html_path=/news/hidden/",
]

VERSION_3 = [
    "/api/v3/pages/?search=Hidden",
    "/api/v3/pages/?order=title&limit=1&offset=2",
    "/api/v3/pages/?order=-title&limit=2",
    "/api/v3/pages/?child_of={parent}",
    "/api/v3/pages/?child_of={hidden}",
    "/api/v3/pages/?descendant_of={hidden}",
    "/api/v3/pages/?ancestor_of={hidden}",
    "/api/v3/pages/?translation_of={hidden}",
    "/api/v3/pages/?translation_of={translation}",
    "/api/v3/pages/?locale=de",
    "/api/v3/pages/?title=Hidden",
    "/api/v3/pages/?slug=hidden",
    "/api/v3/pages/{hidden}/",
    "/api/v3/pages/{hidden}/?version=draft",
    "/api/v3/pages/{parent}/",
    "/api/v3/pages/find/?id={hidden}",
    "/api/v3/pages/find/?html_path=/news/hidden/",
    "/api/v3/pages/{hidden}/revisions/",
]

ADDRESSES = VERSION_2 + (VERSION_3 if wagtail.VERSION >= (8,) else [])


@pytest.fixture
def hidden():
    news = page("News")
    page("Above", parent=news)
    hidden = page("Hidden", parent=news)
    page("Zenith", parent=news)
    page("Below", parent=hidden)
    german, _ = Locale.objects.get_or_create(language_code="de")
    hidden.copy_for_translation(german, copy_parents=True).save_revision().publish()
    restrict(hidden, segment("Finance"))
    _leave_no_ties(german)
    return hidden


def _leave_no_ties(german):
    """Let no two pages share a title or a date: in which order a database gives those is its own affair."""
    Page.objects.filter(locale=german).update(title=Concat(F("title"), Value(" (de)")))
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for number, found in enumerate(Page.objects.order_by("pk")):
        Page.objects.filter(pk=found.pk).update(first_published_at=first + timedelta(days=number))


class TestListing:
    def test_answers_as_if_the_hidden_page_were_not_there(self, hidden):
        viewers = [Client(), client_of(person(department="HR"))]
        addresses = _addresses_about(hidden)
        before = {address: [_answer(client, address) for client in viewers] for address in addresses}
        for translation in hidden.get_translations(inclusive=True):
            translation.delete()
        for address in addresses:
            assert [_answer(client, address) for client in viewers] == before[address], address


def _addresses_about(hidden):
    known = {
        "hidden": hidden.pk,
        "parent": hidden.get_parent().pk,
        "below": hidden.get_children().get().pk,
        "translation": hidden.get_translations().get().pk,
    }
    return [address.format(**known) for address in ADDRESSES]


def _answer(client, address):
    return _seen(client.get(address))


def _seen(response):
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, headers, response.content


ABOUT_A_PAGE = [
    ("get", "personalize_targeting:page_audience"),
    ("post", "personalize_targeting:page_audience"),
    ("post", "personalize_targeting:check_page"),
    ("get", "personalize_targeting:preview_combinations"),
    ("get", "personalize_targeting:view_as"),
    ("get", "personalize_streams:page_hashtags"),
    ("get", "personalize_streams:page_rules"),
]


class TestAdmin:
    """The key of a page in one of our addresses."""

    @pytest.mark.parametrize(("method", "view"), ABOUT_A_PAGE)
    def test_answers_for_a_hidden_page_as_for_one_that_is_missing(self, hidden, method, view):
        someone = working_on(person(department="HR"), page("Another section"))
        someone.user_permissions.add(*Permission.objects.filter(content_type__app_label__startswith="personalize"))
        editor = client_of(someone)
        ask, address = getattr(editor, method), reverse(view, args=[hidden.pk])
        before = ask(address)
        hidden.delete()
        after = ask(address)
        assert (before.status_code, before.content) == (after.status_code, after.content) == (404, after.content)


class TestPassword:
    """Wagtail's form for the password of a page names the page and its restriction in the address."""

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_of_a_hidden_page_is_missing(self, hidden, method):
        lock = PageViewRestriction.objects.create(page=hidden, restriction_type="password", password="open sesame")
        address = reverse("wagtailcore_authenticate_with_password", args=[lock.pk, hidden.pk])
        viewers = [Client(), client_of(person(department="HR"))]
        asked = {"password": "open sesame", "return_url": "/"}
        before = [getattr(client, method)(address, asked) for client in viewers]
        hidden.delete()
        after = [getattr(client, method)(address, asked) for client in viewers]
        assert [_seen(answer) for answer in before] == [_seen(answer) for answer in after]
        assert {answer.status_code for answer in before} == {404}

    def test_opens_nothing_to_whoever_may_not_see_the_page(self, hidden):
        """The key of another page in the address lends its form to no hidden one."""
        lock = PageViewRestriction.objects.create(page=hidden, restriction_type="password", password="open sesame")
        other = hidden.get_parent()
        address = reverse("wagtailcore_authenticate_with_password", args=[lock.pk, other.pk])
        client = client_of(person(department="HR"))
        assert client.get(address).status_code == 404
        assert client.post(address, {"password": "open sesame", "return_url": "/"}).status_code == 404

    def test_still_opens_a_page_to_whoever_may_see_it(self, hidden):
        lock = PageViewRestriction.objects.create(page=hidden, restriction_type="password", password="open sesame")
        member = client_of(person(department="Finance"))
        address = reverse("wagtailcore_authenticate_with_password", args=[lock.pk, hidden.pk])
        assert member.get(address).status_code == 200
        member.post(address, {"password": "open sesame", "return_url": "/"})
        assert b"Hidden" in member.get(hidden.url).content
        assert "private" in member.get(address)["Cache-Control"]
