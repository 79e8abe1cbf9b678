"""Moving a page out of a restricted section asks before it widens."""

import pytest
import wagtail
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from tests.builders import page, person, segment, user
from tests.targeting.restricting import restrict, seen_by
from wagtail_personalize import can_see

from .editors import working_on
from .viewers import with_token

pytestmark = pytest.mark.django_db


def signed_in(someone):
    client = Client()
    client.force_login(someone)
    return client


@pytest.fixture
def editor():
    return signed_in(user(is_superuser=True, is_staff=True))


@pytest.fixture
def section():
    section = page("Board")
    restrict(section, segment("Finance"))
    return section


@pytest.fixture
def minutes(section):
    return page("Minutes", parent=section)


@pytest.fixture
def open_section():
    return page("Open")


def move(client, moved, destination, **data):
    return client.post(reverse("wagtailadmin_pages:move_confirm", args=[moved.pk, destination.pk]), data)


def is_open(moved):
    return can_see(Page.objects.get(pk=moved.pk), seen_by(person(department="HR")))


class TestMove:
    def test_that_widens_asks_first(self, editor, minutes, open_section):
        response = move(editor, minutes, open_section)
        assert "More people would see this" in response.content.decode()
        assert "Finance" in response.content.decode()
        assert not is_open(minutes)
        assert Page.objects.get(pk=minutes.pk).get_parent().title == "Board"

    def test_asks_instead_of_wagtail(self, editor, minutes, open_section):
        address = reverse("wagtailadmin_pages:move_confirm", args=[minutes.pk, open_section.pk])
        assert "More people would see this" in editor.get(address).content.decode()

    def test_happens_when_that_was_meant(self, editor, minutes, open_section):
        assert move(editor, minutes, open_section, personalize_widen="yes").status_code == 302
        assert is_open(minutes)

    def test_within_the_section_is_not_asked_about(self, editor, section, minutes):
        assert move(editor, minutes, page("Archive", parent=section)).status_code == 302

    def test_keeps_the_audience_of_the_page_itself(self, editor, section, minutes, open_section):
        restrict(minutes, segment("IT"))
        asked = move(editor, minutes, open_section).content.decode()
        assert "Finance" in asked
        assert "only IT" not in asked
        restrict(section)
        assert move(editor, minutes, open_section).status_code == 302
        assert not is_open(minutes)

    def test_takes_the_permission_to_restrict(self, minutes, open_section):
        someone = user(is_staff=True)
        group = Group.objects.create(name="Movers")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for codename in ("add_page", "change_page", "publish_page"):
            found = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission=found)
        someone.groups.add(group)
        response = move(signed_in(someone), minutes, open_section, personalize_widen="yes")
        assert "You need the permission to restrict pages" in response.content.decode()
        assert not is_open(minutes)

    def test_of_many_pages_asks_once_for_all(self, editor, section, minutes, open_section):
        other = page("Figures", parent=section)
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        address = f"{address}?id={minutes.pk}&id={other.pk}&next=/admin/"
        sent = {"chooser": open_section.pk, "move_applicable": "on"}
        asked = editor.post(address, sent).content.decode()
        assert "Minutes" in asked
        assert "Figures" in asked
        assert not is_open(minutes)
        assert editor.post(address, {**sent, "personalize_widen": "yes"}).status_code == 302
        assert is_open(minutes)
        assert is_open(other)


def mover(*codenames):
    """Somebody who may move any page, and has these permissions besides."""
    someone = working_on(user(), Page.get_first_root_node())
    someone.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return someone


class TestMoveByProgram:
    """A program cannot be asked: in somebody's name it may end a restriction only if that person may."""

    @pytest.mark.parametrize(("codenames", "moved"), [([], False), (["restrict_pages"], True)])
    def test_of_the_admin_api_takes_the_permission_to_restrict(self, minutes, open_section, codenames, moved):
        address = reverse("wagtailadmin_api:pages:action", args=[minutes.pk, "move"])
        sent = {"destination_page_id": open_section.pk, "position": "last-child"}
        response = signed_in(mover(*codenames)).post(address, sent)
        assert (response.status_code == 200) == moved
        assert is_open(minutes) == moved

    @pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail has version 3 of its API since version 8.")
    @pytest.mark.urls("tests.doors.site")
    @pytest.mark.parametrize(("codenames", "moved"), [([], False), (["restrict_pages"], True)])
    def test_of_a_token_takes_the_permission_to_restrict(self, minutes, open_section, codenames, moved):
        sent = {"destination_id": open_section.pk, "position": "last-child"}
        address = f"/api/v3/pages/{minutes.pk}/actions/move/"
        response = with_token(mover(*codenames)).post(address, sent, content_type="application/json")
        assert (response.status_code == 200) == moved
        assert is_open(minutes) == moved

    def test_within_the_section_takes_none(self, section, minutes):
        address = reverse("wagtailadmin_api:pages:action", args=[minutes.pk, "move"])
        archive = page("Archive", parent=section)
        sent = {"destination_page_id": archive.pk, "position": "last-child"}
        assert signed_in(mover()).post(address, sent).status_code == 200

    def test_in_nobodys_name_is_the_decision_of_the_code(self, minutes, open_section):
        minutes.move(open_section, pos="last-child")
        assert is_open(minutes)

    def test_in_the_name_of_somebody_takes_their_permission(self, minutes, open_section):
        with pytest.raises(PermissionDenied):
            minutes.move(open_section, pos="last-child", user=mover())
        assert not is_open(minutes)
