"""Previews as everyone and as each segment that a page uses, through the page editor's own views."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.builders import page, person, segment
from tests.intranet.models import OtherPage, TargetedPage
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience
from wagtail_personalize.targeting.preview import SEPARATOR, modes_with_segments

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    someone = get_user_model().objects.create_superuser("boss", "", "x")
    client.force_login(someone)
    return someone


@pytest.fixture
def it():
    person("ann", department="IT")
    return segment("IT")


def targeted(*segments):
    """A page with one block for these segments and one for everyone."""
    audience = {"include": [str(s.uuid) for s in segments], "exclude": [], "starts": None, "ends": None}
    body = [
        {"type": "note", "value": {"text": "Only for some", "audience": audience}, "id": "a"},
        {"type": "note", "value": {"text": "For all", "audience": None}, "id": "b"},
    ]
    new = page("News", model=TargetedPage)
    new.body = new.body.stream_block.to_python(body)
    new.save_revision().publish()
    return TargetedPage.objects.get(pk=new.pk)


def preview(client, target, mode=""):
    """What the preview shows for the page as it is, by the two requests that the editor makes."""
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[target.pk])
    form = client.get(reverse("wagtailadmin_pages:edit", args=[target.pk])).context["form"]
    note = [
        {
            "text": child.value["text"],
            "audience-include": json.dumps((child.value["audience"] or {}).get("include", [])),
        }
        for child in target.body
    ]
    sent = nested_form_data(
        {
            **{name: value for name, value in form.initial.items() if isinstance(value, str | int | bool)},
            "body": streamfield([("note", value) for value in note]),
            "comments": inline_formset([]),
        }
    )
    assert client.post(url, sent).json()["is_valid"]
    return client.get(url, {"mode": mode}).content.decode()


class TestModes:
    def test_are_wagtails_own_where_nothing_is_targeted(self, boss):
        assert modes_with_segments(page("Plain")) == page("Plain2").preview_modes

    def test_offer_each_segment_of_a_block(self, it):
        labels = [str(label) for _name, label in modes_with_segments(targeted(it))]
        assert labels == ["As everyone", "As somebody in: IT"]

    def test_offer_the_segments_of_the_page_and_of_those_above_it(self, boss, it):
        person(department="HR")
        section = page("Section")
        child = page("Child", parent=section, model=OtherPage)
        set_page_audience(section, boss, Clause.of([it]), None)
        set_page_audience(child, boss, None, Clause.of([segment("HR")]))
        labels = [str(label) for _name, label in modes_with_segments(child)]
        assert labels == ["As everyone", "As somebody in: HR", "As somebody in: IT"]

    def test_stand_in_the_preview_panel(self, client, boss, it):
        body = client.get(reverse("wagtailadmin_pages:edit", args=[targeted(it).pk])).content.decode()
        assert f'value="{SEPARATOR}{it.uuid}"' in body
        assert "As somebody in: IT" in body


class TestPreview:
    def test_is_for_everyone_unless_chosen(self, client, boss, it):
        shown = preview(client, targeted(it))
        assert "For all" in shown
        assert "Only for some" not in shown

    def test_as_a_segment_shows_what_it_sees(self, client, boss, it):
        shown = preview(client, targeted(it), f"{SEPARATOR}{it.uuid}")
        assert "Only for some" in shown

    def test_never_shows_the_editors_own_person(self, client, it):
        ann = get_user_model().objects.get(username="ann")
        ann.is_superuser = True
        ann.save()
        client.force_login(ann)
        assert "Only for some" not in preview(client, targeted(it))

    def test_as_a_segment_that_is_gone_is_for_everyone(self, client, boss, it):
        target, mode = targeted(it), f"{SEPARATOR}0b0e0d0c-0000-4000-8000-000000000000"
        assert "Only for some" not in preview(client, target, mode)
        assert preview(client, target, f"{SEPARATOR}nonsense")

    def test_is_not_stopped_by_the_gate(self, client, boss, it):
        target = targeted(it)
        set_page_audience(target, boss, Clause.of([it]), None)
        assert "For all" in preview(client, target)
