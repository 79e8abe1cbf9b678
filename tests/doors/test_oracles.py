"""No filter, order or page of a listing tells that something hidden is there: every answer is as if it were not."""

import pytest
import wagtail
from django.test import Client
from wagtail.models import Locale

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
    return hidden


@pytest.mark.parametrize("address", ADDRESSES)
class TestListing:
    def test_answers_as_if_the_hidden_page_were_not_there(self, address, hidden):
        viewers = [Client(), client_of(person(department="HR"))]
        address = address.format(
            hidden=hidden.pk,
            parent=hidden.get_parent().pk,
            below=hidden.get_children().get().pk,
            translation=hidden.get_translations().get().pk,
        )
        before = [_answer(client, address) for client in viewers]
        for translation in hidden.get_translations(inclusive=True):
            translation.delete()
        assert [_answer(client, address) for client in viewers] == before


def _answer(client, address):
    response = client.get(address)
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, headers, response.content
