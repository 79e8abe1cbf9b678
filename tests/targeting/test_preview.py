"""Previews as everyone and as each segment that a page uses, through the page editor's own views."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.builders import page, person, segment
from tests.intranet.models import OtherPage
from tests.targeting.previewing import preview as previewed
from tests.targeting.previewing import targeted
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience
from wagtail_personalize.targeting.preview import WithModes
from wagtail_personalize.targeting.preview_viewers import SEPARATOR

pytestmark = pytest.mark.django_db

ANONYMOUS = "As somebody not signed in"


@pytest.fixture
def boss(client):
    someone = get_user_model().objects.create_superuser("boss", "", "x")
    client.force_login(someone)
    return someone


@pytest.fixture
def it():
    person("ann", department="IT")
    return segment("IT")


def preview(*args):
    return previewed(*args).content.decode()


def modes(obj, **options):
    """What the preview panel offers, in words."""
    return [str(label) for _name, label in WithModes(obj, **options).preview_modes]


class TestModes:
    def test_are_wagtails_own_where_nothing_is_targeted(self, boss):
        assert modes(page("Plain")) == ["Default"]

    def test_offer_each_segment_of_a_block(self, it):
        labels = modes(targeted(it))
        assert labels == ["As everyone", ANONYMOUS, "As somebody in: IT"]

    def test_offer_the_segments_of_the_page_and_of_those_above_it(self, boss, it):
        person(department="HR")
        section = page("Section")
        child = page("Child", parent=section, model=OtherPage)
        set_page_audience(section, boss, Clause.of([it]), None)
        set_page_audience(child, boss, None, Clause.of([segment("HR")]))
        labels = modes(child)
        assert labels == ["As everyone", ANONYMOUS, "As somebody in: HR", "As somebody in: IT"]

    def test_stand_in_the_preview_panel(self, client, boss, it):
        body = client.get(reverse("wagtailadmin_pages:edit", args=[targeted(it).pk])).content.decode()
        assert f'value="{SEPARATOR}segment:{it.uuid}"' in body
        assert "As somebody in: IT" in body


class TestPreview:
    def test_is_for_everyone_unless_chosen(self, client, boss, it):
        shown = preview(client, targeted(it))
        assert "For all" in shown
        assert "Only for some" not in shown

    def test_as_a_segment_shows_what_it_sees(self, client, boss, it):
        shown = preview(client, targeted(it), f"{SEPARATOR}segment:{it.uuid}")
        assert "Only for some" in shown

    def test_never_shows_the_editors_own_person(self, client, it):
        ann = get_user_model().objects.get(username="ann")
        ann.is_superuser = True
        ann.save()
        client.force_login(ann)
        assert "Only for some" not in preview(client, targeted(it))

    def test_as_a_segment_that_is_gone_is_for_everyone(self, client, boss, it):
        target, mode = targeted(it), f"{SEPARATOR}segment:0b0e0d0c-0000-4000-8000-000000000000"
        assert "Only for some" not in preview(client, target, mode)
        assert preview(client, target, f"{SEPARATOR}nonsense")

    def test_is_not_stopped_by_the_gate(self, client, boss, it):
        target = targeted(it)
        set_page_audience(target, boss, Clause.of([it]), None)
        assert "For all" in preview(client, target)
