"""Every door of documents and images × every kind of viewer × a restriction on the collection or on one above it."""

import pytest
import wagtail
from django.core.cache import cache

from tests.builders import person

from .file_ways import FILE_DOORS
from .files import collection, restrict_files
from .test_matrix import finance, managers, walk, with_a_committed_index  # noqa: F401
from .viewers import OUTSIDERS, member, with_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

#: A token acts as its user: what a member may have, the member's token gives.
MEMBERS_TOKEN = "the token of a member without page permission"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # Wagtail keeps renditions there


def on_the_collection(segment, without):
    board = collection()
    restrict_files(board, segment, without=[without])
    return board


def on_one_above(segment, without):
    return collection("Minutes", parent=collection("2026", parent=on_the_collection(segment, without)))


def tells_of(found, answer):
    return found.title in answer or found.url in answer if hasattr(found, "url") else found.title in answer


def made_for(doors, board):
    """Each door's document or image, of each kind one; what the doors need is there."""
    made = {make: make(board) for make in {door.make for door in doors}}
    for door in doors:
        getattr(door, "prepare", lambda found: None)(made[door.make])
    return made


@pytest.mark.parametrize("restricted", [on_the_collection, on_one_above], ids=lambda restriction: restriction.__name__)
@pytest.mark.parametrize("doors", with_a_committed_index(FILE_DOORS))
class TestFileDoors:
    def test_are_shut_for_all_but_members(self, doors, restricted, finance, managers):  # noqa: F811
        made = made_for(doors, restricted(finance, managers))
        people = {name: enter() for name, enter in OUTSIDERS.items() if name != MEMBERS_TOKEN} | {"a member": member()}
        told = walk(doors, people, lambda door, client: tells_of(made[door.make], door.ask(client, made[door.make])))
        assert told == {(door.name, "a member") for door in doors if door.shown}

    @pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail has tokens since version 8.")
    def test_open_to_the_token_of_a_member_in_version_3(self, doors, restricted, finance, managers):  # noqa: F811
        made = made_for(doors, restricted(finance, managers))
        people = {"a token": with_token(person(department="Finance", level=2))}
        told = walk(doors, people, lambda door, client: tells_of(made[door.make], door.ask(client, made[door.make])))
        assert told == {(door.name, "a token") for door in doors if door.name.startswith("API v3")}
