"""Moving a file between collections, or a collection, asks before more people could have what lies there."""

import pytest
import wagtail
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection

from tests.builders import person, segment, user
from tests.targeting.restricting import seen_by
from wagtail_personalize import can_see

from .files import collection, document, image, restrict_files, root
from .filing import WORK, filing
from .viewers import client_of, with_token

pytestmark = pytest.mark.django_db

COLLECTIONS = "add_collection", "change_collection"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def editor(*codenames):
    """Somebody who works on all collections and their files, and has these permissions besides."""
    someone = filing(user(), root(), *WORK, *COLLECTIONS)
    someone.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return someone


@pytest.fixture
def board():
    board = collection("Board papers")
    restrict_files(board, segment("Finance"))
    return board


@pytest.fixture
def canteen():
    return collection("Canteen")


def is_open(found):
    return can_see(type(found).objects.get(pk=found.pk), seen_by(person(department="HR")))


def refile(client, found, where, **more):
    """Save the form in which a document or image is edited."""
    address = {"document": "wagtaildocs:edit", "image": "wagtailimages:edit"}[found._meta.model_name]
    sent = {"title": found.title, "collection": where.pk, "tags": "", "description": ""}
    for side in ("x", "y", "width", "height"):
        sent[f"focal_point_{side}"] = ""
    return client.post(reverse(address, args=[found.pk]), {**sent, **more})


def add_to_collection(client, files, where, **more):
    app, model = files[0]._meta.app_label, files[0]._meta.model_name
    address = reverse("wagtail_bulk_action", args=[app, model, "add_to_collection"])
    ids = "&".join(f"id={found.pk}" for found in files)
    return client.post(f"{address}?{ids}&next=/admin/", {"collection": where.pk, **more})


def move_collection(client, moved, parent, **more):
    sent = {"name": moved.name, "parent": parent.pk}
    return client.post(reverse("wagtailadmin_collections:edit", args=[moved.pk]), {**sent, **more})


@pytest.mark.parametrize("make", [document, image])
class TestFile:
    def test_asks_before_it_widens(self, board, canteen, make):
        client, found = client_of(editor("restrict_pages")), make(board)
        asked = refile(client, found, canteen).content.decode()
        assert "More people would see this" in asked
        assert "only Finance" in asked
        assert not is_open(found)
        assert refile(client, found, canteen, personalize_widen="yes").status_code == 302
        assert is_open(found)

    def test_takes_the_permission_to_restrict(self, board, canteen, make):
        found = make(board)
        answer = refile(client_of(editor()), found, canteen, personalize_widen="yes")
        assert "You need the permission to restrict pages" in answer.content.decode()
        assert not is_open(found)

    def test_is_not_asked_about_where_nothing_ends(self, board, canteen, make):
        client, found = client_of(editor()), make(canteen)
        for where in (board, collection("Minutes", parent=board)):
            assert refile(client, found, where).status_code == 302
        assert not is_open(found)

    def test_asks_once_for_many(self, board, canteen, make):
        client, files = client_of(editor("restrict_pages")), [make(board), make(board)]
        asked = add_to_collection(client, files, canteen).content.decode()
        assert asked.count("only Finance") == 2
        assert not is_open(files[0])
        assert add_to_collection(client, files, canteen, personalize_widen="yes").status_code == 302
        assert all(is_open(found) for found in files)

    def test_of_many_takes_the_permission_to_restrict(self, board, canteen, make):
        found = make(board)
        answer = add_to_collection(client_of(editor()), [found], canteen, personalize_widen="yes")
        assert "You need the permission to restrict pages" in answer.content.decode()
        assert not is_open(found)


class TestNewFile:
    def test_is_saved_before_the_collection_is_changed(self, board, canteen):
        client, found = client_of(editor("restrict_pages")), document(board)
        answer = refile(client, found, canteen, file=ContentFile(b"New", "new.txt"))
        assert "Save the new file first" in answer.content.decode()
        assert not is_open(found)


class TestProgram:
    """The list of files that were just uploaded, and the API, cannot ask."""

    @pytest.mark.parametrize(("codenames", "moved"), [([], False), (["restrict_pages"], True)])
    def test_that_edits_many_takes_the_permission_to_restrict(self, board, canteen, codenames, moved):
        found = document(board)
        address = reverse("wagtaildocs:edit_multiple", args=[found.pk])
        prefix = f"doc-{found.pk}"
        sent = {f"{prefix}-title": "New", f"{prefix}-collection": canteen.pk, f"{prefix}-tags": ""}
        answer = client_of(editor(*codenames)).post(address, sent).json()
        assert answer["success"] == moved
        assert is_open(found) == moved

    @pytest.mark.skipif(wagtail.VERSION < (8,), reason="Wagtail has version 3 of its API since version 8.")
    @pytest.mark.urls("tests.doors.site")
    @pytest.mark.parametrize(("codenames", "moved"), [([], False), (["restrict_pages"], True)])
    def test_with_a_token_takes_the_permission_to_restrict(self, board, canteen, codenames, moved):
        found = document(board)
        sent = {"collection_id": canteen.pk}
        address = f"/api/v3/documents/{found.pk}/"
        response = with_token(editor(*codenames)).patch(address, sent, content_type="application/json")
        assert (response.status_code == 200) == moved
        assert is_open(found) == moved


class TestCollection:
    def test_asks_before_it_widens(self, board, canteen):
        below = collection("Minutes", parent=board)
        found = document(collection("2026", parent=below))
        client = client_of(editor("restrict_pages"))
        asked = move_collection(client, below, canteen).content.decode()
        assert "More people would see this" in asked
        assert "only Finance" in asked
        assert not is_open(found)
        assert move_collection(client, below, canteen, personalize_widen="yes").status_code == 302
        assert is_open(found)

    def test_takes_the_permission_to_restrict(self, board, canteen):
        below = collection("Minutes", parent=board)
        answer = move_collection(client_of(editor()), below, canteen, personalize_widen="yes")
        assert "You need the permission to restrict pages" in answer.content.decode()
        assert Collection.objects.get(pk=below.pk).get_parent() == board

    def test_takes_its_own_audience_along(self, board, canteen):
        client, found = client_of(editor()), document(board)
        assert move_collection(client, board, canteen).status_code == 302
        assert not is_open(found)

    def test_is_renamed_without_a_question(self, board):
        below = collection("Minutes", parent=board)
        assert move_collection(client_of(editor()), below, board, name="Notes").status_code == 302
