"""Who gets in: nobody without the permission, at any door of the import."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import user
from tests.people.importers import address, texts, uploads
from tests.permissions import allowed
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.people.importing.uploads import ImportMapping

pytestmark = pytest.mark.django_db

FILE = "Staff no;Department\n1;Sales\n"
OF_UPLOAD = [
    "columns",
    "upload_mapping",
    "preview",
    "preview_rejected",
    "progress",
    "progress_answer",
    "compare",
    "stop",
    "go_on",
    "discard",
    "rejected",
]
BUTTONS = ["compare", "stop", "go_on", "discard"]


@pytest.fixture
def doors(wizard):
    """The address of every page and button, about things that exist."""
    wizard.upload(FILE)
    wizard.columns()
    run = ImportRun.objects.create(file_name="people.csv", state="finished")
    mapping = ImportMapping.objects.create(name="HR", mapping={"match": "Staff no"})
    return [
        *(address(name) for name in ("index", "index_results", "upload", "mappings")),
        address("run", run.pk),
        *(address(name, mapping.pk) for name in ("mapping_file", "delete_mapping")),
        *(address(name, wizard.last.pk) for name in OF_UPLOAD),
    ]


class TestDoors:
    def test_are_all_tested(self, doors):
        from wagtail_personalize.people.importing.admin.urls import _upload, patterns

        assert len(doors) == len(patterns) - 1 + len(_upload)

    def test_send_anonymous_visitors_to_the_login(self, doors):
        for door in doors:
            for answer in (Client().get(door), Client().post(door)):
                assert answer.status_code == 302
                assert answer.url.startswith(reverse("wagtailadmin_login"))

    @pytest.mark.parametrize("codenames", [[], ["view_importrun", "view_members", "add_segment"]])
    def test_are_closed_to_editors_without_the_permission(self, doors, codenames, client):
        client.force_login(allowed(user("editor"), *codenames))
        before = list(uploads().values())
        for door in doors:
            for answer in (client.get(door), client.post(door)):
                assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))
        assert list(uploads().values()) == before
        assert ImportMapping.objects.exists()

    def test_need_the_token_of_the_form(self, doors, importer):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(importer)
        assert {strict.post(door).status_code for door in doors} == {403}

    def test_change_nothing_by_get(self, wizard, doors):
        before = list(uploads().values())
        for name in BUTTONS:
            assert wizard.client.get(address(name, wizard.last.pk)).status_code == 405
        wizard.client.get(address("delete_mapping", ImportMapping.objects.get().pk))
        assert list(uploads().values()) == before
        assert ImportMapping.objects.exists()

    def test_answer_forged_keys_with_404(self, wizard):
        forged = [address(name, uuid4()) for name in OF_UPLOAD]
        forged += [address("run", 999), address("mapping_file", 999), address("delete_mapping", 999)]
        for door in forged:
            statuses = {wizard.client.get(door).status_code, wizard.client.post(door).status_code}
            assert statuses <= {404, 405}
            assert 404 in statuses
        assert wizard.client.get("/admin/personalize/imports/abc/columns/").status_code == 404

    def test_are_open_to_colleagues_who_may_import(self, wizard):
        wizard.upload(FILE)
        wizard.client.force_login(allowed(user("hugo"), "run_import"))
        assert wizard.page().status_code == 200

    def test_are_in_the_menu_of_those_who_may(self, wizard, client):
        home = reverse("wagtailadmin_home")
        assert address("index") in wizard.client.get(home).content.decode()
        client.force_login(allowed(user("editor")))
        assert address("index") not in client.get(home).content.decode()

    def test_are_in_the_main_menu_where_segments_are_not_installed(self, monkeypatch):
        from wagtail_personalize.people.importing.admin import menu

        assert menu.menu_hook() == "register_personalize_menu_item"
        monkeypatch.setattr(menu.apps, "is_installed", lambda name: False)
        assert menu.menu_hook() == "register_admin_menu_item"

    def test_have_no_inline_scripts_or_styles(self, wizard, doors):
        for door in doors:
            answer = wizard.client.get(door, follow=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            own = body.decode().split('class="personalize-import"')[-1].split("</main>")[0]
            assert "style=" not in own
            assert "onclick" not in own

    def test_say_when_the_file_is_gone(self, wizard, private):
        wizard.upload(FILE)
        for file in private.iterdir():
            file.unlink()
        answer = wizard.page()
        assert answer.status_code == 302
        assert "deleted already" in texts(wizard.client.get(answer.url))
