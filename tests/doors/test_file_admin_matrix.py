"""Every door of the admin to documents and images × everybody who knocks × a restriction on or above the collection."""

import pytest
from django.core.cache import cache
from wagtail.log_actions import log

from tests.builders import home, person

from .file_admin_ways import FILE_ADMIN_DOORS
from .files import collection, document, image, restrict_files, root
from .filing import CHOOSE, LET_IN, SHUT_OUT, filing, member_choosing_everywhere
from .test_files_matrix import made_for, on_one_above, on_the_collection
from .test_matrix import finance, managers, walk, with_a_committed_index  # noqa: F401
from .viewers import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

MEMBER = "a member who may choose everywhere"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # Wagtail keeps renditions there


@pytest.mark.parametrize("restricted", [on_the_collection, on_one_above], ids=lambda restriction: restriction.__name__)
@pytest.mark.parametrize("doors", with_a_committed_index(FILE_ADMIN_DOORS))
class TestFileAdminDoors:
    def test_are_for_those_who_work_on_the_file_or_may_have_it(self, doors, restricted, finance, managers):  # noqa: F811
        home()
        made = made_for(doors, restricted(finance, managers))
        for found in made.values():
            log(instance=found, action="wagtail.edit")
        people = {name: enter() for name, enter in (SHUT_OUT | LET_IN).items()} | {MEMBER: member_choosing_everywhere()}
        told = walk(
            doors, people, lambda door, client: door.tells_of(made[door.make], door.ask(client, made[door.make]))
        )
        editors = {(door.name, name) for door in doors for name in LET_IN}
        assert told - editors == {(door.name, MEMBER) for door in doors if door.members}
        assert {(door.name, name) for door in doors for name in LET_IN if door.shown} <= told


@pytest.mark.parametrize("make", [document, image])
class TestOwnFiles:
    def test_stay_in_the_chooser_of_whoever_uploaded_them(self, finance, make):  # noqa: F811
        board = collection()
        restrict_files(board, finance)
        someone = filing(person(department="HR"), root(), *CHOOSE, "add_document", "add_image")
        found = make(board)
        door = next(door for door in FILE_ADMIN_DOORS if door.make is make)
        assert not door.tells_of(found, door.ask(client_of(someone), found))
        type(found).objects.filter(pk=found.pk).update(uploaded_by_user=someone)
        assert door.tells_of(found, door.ask(client_of(someone), found))
