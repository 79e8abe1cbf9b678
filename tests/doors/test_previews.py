"""A previewed persona goes through the same doors, and shows editors nothing that is closed to themselves."""

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from tests.builders import page, person
from tests.targeting.previewing import mode
from wagtail_personalize.segments.models import Persona

from .editors import working_on
from .restrictions import RESTRICTIONS
from .test_matrix import finance, managers  # noqa: F401
from .viewers import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


@pytest.fixture(params=RESTRICTIONS, ids=lambda restriction: restriction.__name__)
def found(request, finance, managers):  # noqa: F811
    return request.param(finance, managers)


@pytest.fixture
def section():
    return page("A section of its own")


@pytest.fixture
def as_persona(finance):  # noqa: F811
    return mode("persona", Persona.objects.create(name="The controller", segment=finance).pk)


def editor(start, department="HR"):
    return client_of(working_on(person(department=department, level=2), start))


def shows_the_link(client, section, found, how):
    """Whether the preview of an open page that links to ``found`` leads there."""
    html = f'<p>Look <a linktype="page" id="{found.pk}">here</a></p>'
    linking = page("Linking", slug="linking", parent=section, body=[("paragraph", RichText(html))])
    body = streamfield([("paragraph", rich_text(html))])
    sent = {"title": "Linking", "slug": "linking", "rich": rich_text(""), "body": body, "comments": inline_formset([])}
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[linking.pk])
    assert client.post(url, nested_form_data(sent)).json()["is_valid"]
    return f'href="{found.url}"' in client.get(url, {"mode": how}).content.decode()


class TestPreview:
    @pytest.mark.parametrize("how", ["", mode("anonymous")])
    def test_as_everyone_or_a_visitor_shows_it_to_no_editor(self, found, section, how):
        assert not shows_the_link(editor(Page.get_first_root_node()), section, found, how)

    def test_as_a_persona_shows_it_to_whoever_works_on_it(self, found, section, as_persona):
        assert shows_the_link(editor(Page.get_first_root_node()), section, found, as_persona)

    def test_as_a_persona_shows_it_to_whoever_may_open_it(self, found, section, as_persona):
        assert shows_the_link(editor(section, department="Finance"), section, found, as_persona)

    def test_as_a_persona_shows_it_to_no_other_editor(self, found, section, as_persona):
        assert not shows_the_link(editor(section), section, found, as_persona)
