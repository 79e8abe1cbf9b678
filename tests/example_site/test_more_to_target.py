"""The sample site shows documents for some, and a table for some."""

import pytest
from wagtail.documents import get_document_model

pytestmark = pytest.mark.django_db

PERSONAS = "head", "joiner", "shift"
OPEN, PLANTS, MANAGEMENT = "Travel expenses form", "Handling R290 safely", "Budget template"


def text(response):
    assert response.status_code == 200
    return response.content.decode()


class TestDocumentsForMe:
    @pytest.mark.parametrize(
        ("persona", "offered"),
        [("joiner", {OPEN}), ("shift", {OPEN, PLANTS}), ("head", {OPEN, MANAGEMENT}), ("guest", {OPEN})],
    )
    def test_are_those_that_one_can_open(self, visit, persona, offered):
        shown = text(visit(persona, "/handbook/"))
        assert {title for title in (OPEN, PLANTS, MANAGEMENT) if title in shown} == offered
        for document in get_document_model().objects.filter(title__in=[OPEN, PLANTS, MANAGEMENT]):
            response = visit(persona, document.url)
            response.close()
            assert (response.status_code == 200) == (document.title in offered), document.title


class TestTable:
    def test_is_there_only_for_managers(self, visit):
        shown = {persona: "You may approve" in text(visit(persona, "/handbook/travel/")) for persona in PERSONAS}
        assert shown == {"head": True, "joiner": False, "shift": False}
