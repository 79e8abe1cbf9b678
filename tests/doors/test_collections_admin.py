"""The audience of a collection, as an editor chooses it over HTTP."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.log_actions import registry
from wagtail.models import GroupCollectionPermission

from tests.builders import person, segment, user
from wagtail_personalize.segments.usage import SegmentInUse, where_used
from wagtail_personalize.targeting.collection_audiences import collection_audience

from .files import collection, document, fetch, restrict_files, root
from .viewers import client_of

pytestmark = pytest.mark.django_db


def editor(*codenames, where=None):
    """Somebody who may enter the admin and change the collections at and below ``where``."""
    someone = user()
    group = Group.objects.create(name=f"Editors {someone.pk}")
    group.permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
    permission = Permission.objects.get(codename="change_collection")
    GroupCollectionPermission.objects.create(group=group, collection=where or root(), permission=permission)
    someone.groups.add(group)
    return client_of(someone)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def board():
    return collection("Board papers")


def address(where):
    return reverse("personalize_targeting:collection_audience", args=[where.pk])


def choose(client, where, *segments):
    sent = {"restrict-include": json.dumps([str(found.uuid) for found in segments]), "restrict-exclude": "[]"}
    return client.post(address(where), sent)


class TestCollectionAudience:
    def test_is_chosen_beside_the_collection(self, board, finance):
        client = editor("restrict_pages")
        edit = reverse("wagtailadmin_collections:edit", args=[board.pk])
        assert address(board) in client.get(edit).content.decode()
        assert choose(client, board, finance).url == edit
        found = document(board)
        assert fetch(client_of(person(department="HR")), found.url).status_code == 404
        assert fetch(client_of(person(department="Finance")), found.url).status_code == 200

    def test_is_shown_with_what_comes_from_above(self, board, finance):
        restrict_files(board, finance)
        below = collection("Minutes", parent=board)
        restrict_files(below, segment("Managers"))
        shown = editor("restrict_pages").get(address(below)).content.decode()
        assert "From “Board papers”: only Finance." in shown
        assert "Only Managers." in shown

    def test_is_lifted_by_choosing_nobody(self, board, finance):
        restrict_files(board, finance)
        choose(editor("restrict_pages"), board)
        assert collection_audience(board) is None

    def test_takes_the_permission_to_restrict(self, board, finance):
        client = editor()
        assert choose(client, board, finance).status_code == 302  # Wagtail sends whoever may not to its start page
        assert collection_audience(board) is None
        assert (
            address(board) not in client.get(reverse("wagtailadmin_collections:edit", args=[board.pk])).content.decode()
        )

    def test_takes_the_permission_to_change_the_collection(self, board, finance):
        choose(editor("restrict_pages", where=collection("Elsewhere")), board, finance)
        assert collection_audience(board) is None

    def test_is_not_for_the_root(self, finance):
        choose(client_of(user(is_superuser=True)), root(), finance)
        assert collection_audience(root()) is None

    def test_never_names_a_segment_that_people_choose_themselves_into(self, board):
        chosen = segment("Skilled", {"all": [{"attribute": "skills", "operator": "has_any", "value": ["Python"]}]})
        with pytest.raises(ValidationError):
            restrict_files(board, chosen)
        assert "depends on what people say" in choose(editor("restrict_pages"), board, chosen).content.decode()

    def test_is_written_to_the_history(self, board, finance):
        choose(editor("restrict_pages"), board, finance)
        (entry,) = registry.get_logs_for_instance(board).filter(action="wagtail_personalize.audience")
        assert entry.formatter.format_message(entry) == "Audience changed: restricted to Finance"

    def test_holds_on_to_its_segments(self, board, finance):
        restrict_files(board, finance)
        (usage,) = where_used(finance)
        assert (str(usage), usage.restricts) == ("Collection: Board papers", True)
        with pytest.raises(SegmentInUse):
            finance.delete()

    def test_goes_with_its_collection(self, board, finance):
        restrict_files(board, finance)
        board.delete()
        finance.delete()
