"""Fields of an API that lead to a page or an image: one that is closed is as if it were not there."""

import pytest
import wagtail
from django.core.cache import cache
from django.test import Client

from tests.builders import page, person, segment
from tests.portal.models import PortalPage
from tests.targeting.restricting import restrict

from .files import collection, image, restrict_files
from .viewers import client_of, editor_of_all_pages, with_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

PORTAL = "type=portal.PortalPage"
VERSION_2 = [
    f"/api/v2/pages/?{PORTAL}&fields=*",
    f"/api/v2/pages/?{PORTAL}&next_page={{hidden}}",
    f"/api/v2/pages/?{PORTAL}&see_also={{hidden}}",
    f"/api/v2/pages/?{PORTAL}&picture={{picture}}",
    f"/api/v2/pages/?{PORTAL}&next_page={{hidden}}&fields=see_also",
    "/api/v2/pages/{linking}/?fields=*",
]
VERSION_3 = [
    f"/api/v3/pages/?{PORTAL}",
    f"/api/v3/pages/?{PORTAL}&next_page={{hidden}}",
    f"/api/v3/pages/?{PORTAL}&see_also={{hidden}}",
    f"/api/v3/pages/?{PORTAL}&picture={{picture}}",
    "/api/v3/pages/{linking}/",
]
ADDRESSES = VERSION_2 + (VERSION_3 if wagtail.VERSION >= (8,) else [])


class World:
    """An open page that leads to a hidden one, to an open one and to a hidden picture."""

    def __init__(self):
        finance = segment("Finance")
        self.hidden, self.open = page("Hidden"), page("Open")
        restrict(self.hidden, finance)
        board = collection()
        restrict_files(board, finance)
        self.picture = image(board)
        fields = {"next_page": self.hidden, "picture": self.picture, "body": []}
        self.linking = page("Linking", model=PortalPage, **fields)
        self.linking.see_also.set([self.hidden, self.open])
        self.linking.save()

    def ask(self, client, address):
        keys = {"hidden": self.keys[0], "picture": self.keys[1], "linking": self.linking.pk}
        response = client.get(address.format(**keys))
        headers = {name: value for name, value in response.headers.items() if name != "Expires"}
        return response.status_code, headers, response.content

    @property
    def keys(self):
        return self.__dict__.setdefault("_keys", (self.hidden.pk, self.picture.pk))

    def take_away(self):
        """What is hidden is deleted, and with it what leads there."""
        self.linking.see_also.set([self.open])
        self.linking.save()
        self.hidden.delete()
        self.picture.delete()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def world():
    return World()


class TestFields:
    def test_answer_as_if_what_is_closed_were_not_there(self, world):
        clients = [Client(), client_of(person(department="HR"))]
        before = {address: [world.ask(client, address) for client in clients] for address in ADDRESSES}
        assert all(status == 200 for answers in before.values() for status, _, _ in answers)
        world.take_away()
        for address in ADDRESSES:
            assert [world.ask(client, address) for client in clients] == before[address], address

    def test_show_a_member_where_they_lead(self, world):
        member = client_of(person(department="Finance"))
        _, _, listed = world.ask(member, VERSION_2[0])
        assert b"Hidden" in listed
        for address in VERSION_2[1:4]:
            assert b'"total_count": 1' in world.ask(member, address)[2], address

    @pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail has version 3 of its API since version 8.")
    def test_show_a_token_what_its_user_works_on(self, world):
        client = with_token(editor_of_all_pages())
        assert b'"Linking"' in world.ask(client, VERSION_3[1])[2]
        assert f'"see_also": [{world.hidden.pk}, {world.open.pk}]'.encode() in world.ask(client, VERSION_3[4])[2]

    @pytest.mark.parametrize("version", ["v2", "v3"] if wagtail.VERSION >= (8,) else ["v2"])
    @pytest.mark.parametrize("field", ["next_page", "-picture"])
    def test_give_no_order(self, world, version, field):
        assert Client().get(f"/api/{version}/pages/?{PORTAL}&order={field}").status_code in (400, 422)
