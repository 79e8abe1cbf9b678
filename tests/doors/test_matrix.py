"""Every door × every kind of viewer × every place of a restriction."""

import pytest
import wagtail
from django.conf import settings

from tests.builders import segment

from .restrictions import RESTRICTIONS, TITLE
from .viewers import all_viewers, editor_of_all_pages, with_token
from .ways import DOORS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def managers():
    return segment("Managers", {"all": [{"attribute": "level", "operator": "gte", "value": 9}]})


@pytest.fixture(autouse=True)
def with_redirects(settings):
    settings.MIDDLEWARE = ["wagtail.contrib.redirects.middleware.RedirectMiddleware", *settings.MIDDLEWARE]


def with_a_committed_index(doors):
    """All doors in two rows; the second needs, on MariaDB, a database in which what is searched for is committed."""
    committed = settings.DATABASES["default"]["ENGINE"].endswith("mysql")
    marks = [pytest.mark.django_db(transaction=True)] if committed else []
    searching = [door for door in doors if door.searches]
    others = [door for door in doors if not door.searches]
    rows = [pytest.param(others, id="doors")]
    return [*rows, pytest.param(searching, id="searches", marks=marks)] if searching else rows


def tells_of(page, answer):
    """Whether an answer gives away that the page is there: by its title or its address."""
    return TITLE in answer or page.url in answer


def walk(doors, people, tells):
    """Everybody at every door: ``(name of the door, name of who is told something there)``."""
    return {(door.name, name) for door in doors for name, client in people.items() if tells(door, client)}


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
@pytest.mark.parametrize("doors", with_a_committed_index(DOORS))
class TestDoors:
    def test_are_shut_for_all_but_members(self, doors, restricted, finance, managers):
        page = restricted(finance, managers)
        for door in doors:
            door.prepare(page)
        people = all_viewers()
        told = walk(doors, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in doors if door.shown}


@pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail has tokens since version 8.")
@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
@pytest.mark.parametrize("doors", with_a_committed_index(DOORS))
class TestToken:
    def test_opens_the_pages_its_user_works_on_in_version_3_and_nothing_elsewhere(
        self, doors, restricted, finance, managers
    ):
        page = restricted(finance, managers)
        for door in doors:
            door.prepare(page)
        people = {"a token": with_token(editor_of_all_pages())}
        told = walk(doors, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a token") for door in doors if door.name.startswith("API v3")}
