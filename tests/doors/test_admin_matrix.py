"""Every door of the admin × everybody who knocks × every place of a restriction."""

import pytest

from .admin_ways import ADMIN_DOORS
from .editors import LET_IN, SHUT_OUT, member_of_another_section
from .restrictions import RESTRICTIONS
from .test_matrix import finance, managers, walk, with_a_committed_index  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
@pytest.mark.parametrize("doors", with_a_committed_index(ADMIN_DOORS))
class TestAdminDoors:
    def test_are_for_those_who_work_on_the_page(self, doors, restricted, finance, managers):  # noqa: F811
        page = restricted(finance, managers)
        if page.alias_of_id:  # an alias has no versions of its own that could be asked for
            doors = [door for door in doors if not door.versions]
        else:
            page.save_revision().publish()
        shut_out = {name: enter() for name, enter in SHUT_OUT.items()}
        let_in = {name: enter() for name, enter in LET_IN.items()}
        people = shut_out | let_in | {"a member who edits elsewhere": member_of_another_section()}
        told = walk(doors, people, lambda door, client: door.tells_of(page, door.ask(client, page)))
        editors = {(door.name, name) for door in doors for name in let_in}
        members = {(door.name, "a member who edits elsewhere") for door in doors if door.members}
        assert told - editors == members
        assert {(door.name, name) for door in doors for name in let_in if door.shown} <= told
