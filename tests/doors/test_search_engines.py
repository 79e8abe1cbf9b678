"""Every door that searches, on the engines that are not the database's: Whoosh and a search server."""

import pytest
from django.core.cache import cache

from tests.builders import home
from tests.search.conftest import on_server, search_server  # noqa: F401
from tests.search.engine import configured
from wagtail_personalize.search.backends.server.pending import catch_up

from .admin_ways import ADMIN_DOORS
from .editors import LET_IN, SHUT_OUT, member_of_another_section
from .file_admin_ways import FILE_ADMIN_DOORS
from .file_ways import FILE_DOORS
from .filing import LET_IN as FILES_LET_IN
from .filing import SHUT_OUT as FILES_SHUT_OUT
from .filing import member_choosing_everywhere
from .restrictions import RESTRICTIONS
from .test_files_matrix import MEMBERS_TOKEN, made_for, on_one_above, on_the_collection
from .test_files_matrix import tells_of as tells_of_file
from .test_matrix import finance, managers, tells_of, walk  # noqa: F401
from .viewers import OUTSIDERS, all_viewers, member
from .ways import DOORS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site"), pytest.mark.once]


def that_search(doors):
    return [door for door in doors if door.searches]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()  # Wagtail keeps renditions there


@pytest.fixture(params=["whoosh", "opensearch3", "elasticsearch9"])
def told(request, settings, tmp_path):
    """Call it when everything is made: the engine knows it then."""
    if request.param == "whoosh":
        configured(settings, tmp_path / "index")
        return lambda: None
    engine = request.getfixturevalue("on_server")(request.param)

    def tell():
        catch_up()
        engine.refresh_indexes()

    return tell


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestPages:
    def test_are_found_by_members_alone(self, told, restricted, finance, managers):  # noqa: F811
        doors, page = that_search(DOORS), restricted(finance, managers)
        told()
        heard = walk(doors, all_viewers(), lambda door, client: tells_of(page, door.ask(client, page)))
        assert heard == {(door.name, "a member") for door in doors if door.shown}

    def test_are_found_in_the_admin_by_those_who_work_on_them(self, told, restricted, finance, managers):  # noqa: F811
        doors, page = that_search(ADMIN_DOORS), restricted(finance, managers)
        told()
        let_in = {name: enter() for name, enter in LET_IN.items()}
        people = {name: enter() for name, enter in SHUT_OUT.items()} | let_in
        people |= {"a member who edits elsewhere": member_of_another_section()}
        heard = walk(doors, people, lambda door, client: door.tells_of(page, door.ask(client, page)))
        editors = {(door.name, name) for door in doors for name in let_in}
        assert heard - editors == {(door.name, "a member who edits elsewhere") for door in doors if door.members}
        assert {(door.name, name) for door in doors for name in let_in if door.shown} <= heard


@pytest.mark.parametrize("restricted", [on_the_collection, on_one_above], ids=lambda restriction: restriction.__name__)
class TestFiles:
    def test_are_found_by_members_alone(self, told, restricted, finance, managers):  # noqa: F811
        doors = that_search(FILE_DOORS)
        made = made_for(doors, restricted(finance, managers))
        told()
        people = {name: enter() for name, enter in OUTSIDERS.items() if name != MEMBERS_TOKEN} | {"a member": member()}
        heard = walk(
            doors, people, lambda door, client: tells_of_file(made[door.make], door.ask(client, made[door.make]))
        )
        assert heard == {(door.name, "a member") for door in doors if door.shown}

    def test_are_found_in_the_admin_by_those_who_may_have_them(self, told, restricted, finance, managers):  # noqa: F811
        home()
        doors = that_search(FILE_ADMIN_DOORS)
        made = made_for(doors, restricted(finance, managers))
        told()
        people = {name: enter() for name, enter in (FILES_SHUT_OUT | FILES_LET_IN).items()}
        people |= {"a member": member_choosing_everywhere()}
        heard = walk(
            doors, people, lambda door, client: door.tells_of(made[door.make], door.ask(client, made[door.make]))
        )
        editors = {(door.name, name) for door in doors for name in FILES_LET_IN}
        assert heard - editors == {(door.name, "a member") for door in doors if door.members}
        assert {(door.name, name) for door in doors for name in FILES_LET_IN if door.shown} <= heard
