"""No filter, order or page of a listing tells that something hidden is there: every answer is as if it were not."""

from datetime import UTC, datetime, timedelta

import pytest
import wagtail
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from wagtail.models import Locale, Page

from tests.builders import page, person, segment
from tests.targeting.restricting import restrict

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
    response = client.get(address)
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, headers, response.content
