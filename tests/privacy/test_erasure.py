"""Erasing a person: by command and in the admin, and against their coming back."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import PROTECT
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from tests.builders import page, person, segment, user
from tests.intranet.models import Completion, Staff, Training
from tests.people.hr_files import bring_in, counts, errors_of, hr_file, mapping, staff
from tests.permissions import allowed
from wagtail_personalize.communities.comments.models import Comment
from wagtail_personalize.people.importing.storage import import_storage
from wagtail_personalize.people.importing.uploads import ImportUpload
from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.erasure import erasing, registry
from wagtail_personalize.privacy.models import Erasure, LookAt

pytestmark = pytest.mark.django_db
ADMIN = "personalize_erase_person"


@pytest.fixture
def erase(capsys):
    """The command; returns what it says."""

    def run(*names, **options):
        call_command("erase_person", *names, no_input=True, **options)
        return capsys.readouterr().out

    return run


@pytest.fixture
def refusing_table(monkeypatch):
    """A table of the site that protects the accounts it names."""
    monkeypatch.setattr(Completion._meta.get_field("person").remote_field, "on_delete", PROTECT)
    return lambda someone: Completion.objects.create(
        person=someone, training=Training.objects.create(code="a", title="A")
    )


def told_about(*texts):
    """Where the database says one of these."""
    return {table for table, cell in everything() if any(text.lower() in cell.lower() for text in texts)}


def everything():
    """Each text of the database."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from ((table, str(cell)) for row in cursor.fetchall() for cell in row)


class TestErasing:
    def test_leaves_no_text_about_the_person_anywhere(self, erase, django_capture_on_commit_callbacks):
        anna = person("anna77", first_name="Annabella", last_name="Zwiebelfisch", staff_number="N-4711", motto="Hopp")
        segment("All", {"any": [{"attribute": "department", "operator": "is", "value": "IT"}]})
        log_names_seen(user(), "Somewhere", [anna])
        ModelLogEntry.objects.log_action(anna, "wagtail.edit", user=anna)
        texts = ("anna77", "Annabella", "Zwiebelfisch", "N-4711", "Hopp")
        assert {"intranet_staff", "personalize_people_foldedvalue", "wagtailcore_modellogentry"} < told_about(*texts)
        with django_capture_on_commit_callbacks(execute=True):
            erase("anna77")
        assert told_about(*texts) == set()
        assert LookAt.objects.get().persons.count() == 0

    def test_keeps_comments_without_their_author(self, erase):
        anna = person("anna")
        key = page().translation_key
        Comment.objects.create(translation_key=key, author=anna, html="<p>Good.</p>", created_at="2026-11-01T10:00Z")
        erase("anna")
        assert Comment.objects.get().author is None

    def test_of_somebody_who_is_gone_already_changes_nothing(self, erase):
        person("anna", staff_number="7")
        erase("anna")
        marks = set(Erasure.objects.values_list("mark", flat=True))
        assert "erased before" in erase("anna")
        assert set(Erasure.objects.values_list("mark", flat=True)) == marks

    def test_of_an_unknown_name_erases_nobody(self, erase):
        person("anna")
        with pytest.raises(CommandError, match="Nobody is called ana"):
            erase("anna", "ana")
        assert get_user_model().objects.filter(username="anna").exists()

    def test_asks_before(self, monkeypatch):
        person("anna")
        monkeypatch.setattr("builtins.input", lambda question: "no")
        with pytest.raises(CommandError, match="Nobody was erased"):
            call_command("erase_person", "anna")
        assert Staff.objects.exists()


class TestAccountThatMustStay:
    """A site's own table may refuse that an account is deleted."""

    def test_says_nothing_any_more_and_cannot_be_used(self, erase, refusing_table):
        anna = person("anna", first_name="Annabella", staff_number="7")
        refusing_table(anna)
        assert "accounts made anonymous" in erase("anna")
        anna.refresh_from_db()
        assert (anna.first_name, anna.email, anna.is_active, anna.has_usable_password()) == ("", "", False, False)
        assert "anna" not in anna.username
        assert not Staff.objects.exists()


class TestImportAfterwards:
    def test_does_not_create_the_person_again(self, erase, tmp_path):
        person("anna", staff_number="7")
        erase("anna")
        result = bring_in(hr_file(tmp_path, "no,first\n7,Annabella\n8,Ben\n"))
        assert counts(result) == {"new": 1, "erased": 1}
        assert [profile.staff_number for profile in Staff.objects.all()] == ["8"]
        assert "2,no,This person was erased" in errors_of(tmp_path / "people.csv").read_text()
        assert "Annabella" not in errors_of(tmp_path / "people.csv").read_text()

    def test_is_remembered_with_a_former_key_of_the_site(self, erase, tmp_path, settings):
        person("anna", staff_number="7")
        erase("anna")
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
        assert counts(bring_in(hr_file(tmp_path, "no\n7\n"))) == {"erased": 1}

    def test_keeps_the_people_of_an_erased_manager(self, erase, tmp_path):
        person("anna", staff_number="7")
        erase("anna")
        bring_in(hr_file(tmp_path, "no,boss\n7,\n8,7\n"), mapping())
        assert staff("8").manager is None

    def test_that_has_read_its_file_already_leaves_the_person_out(self, tmp_path):
        anna = person("anna", staff_number="7")
        result = bring_in(hr_file(tmp_path, "no,first\n8,Ben\n7,Annabella\n"), progress=_erase_at_the_start(anna))
        assert counts(result) == {"new": 1, "erased": 1}
        assert not get_user_model().objects.filter(first_name="Annabella").exists()


def _erase_at_the_start(someone):
    def progress(done, total):
        if done == 0:
            call_command("erase_person", someone.username, no_input=True)

    return progress


class TestLifting:
    @pytest.fixture
    def officer(self):
        return allowed(user("officer"), "lift_erasure")

    def test_lets_an_import_bring_in_somebody_new(self, erase, tmp_path, officer):
        person("anna", staff_number="7", motto="Hopp")
        erase("anna")
        call_command("lift_erasure", "7", by="officer", verbosity=0)
        assert counts(bring_in(hr_file(tmp_path, "no\n7\n"))) == {"new": 1}
        assert staff("7").motto == ""

    def test_is_logged_without_a_name(self, erase, officer):
        person("anna", staff_number="N-4711")
        erase("anna")
        call_command("lift_erasure", "N-4711", by="officer", verbosity=0)
        entry = ModelLogEntry.objects.get(action="wagtail_personalize.lift_erasure")
        assert (entry.user, entry.label, entry.data) == (officer, "A person was erased", {})

    @pytest.mark.parametrize(("number", "by"), [("7", "anybody"), ("7", "nobody"), ("8", "officer")])
    def test_needs_a_permission_and_somebody_who_was_erased(self, erase, officer, number, by):
        user("anybody")
        person("anna", staff_number="7")
        erase("anna")
        known = Erasure.objects.count()
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("lift_erasure", number, by=by)
        assert Erasure.objects.count() == known

    def test_holds_when_a_backup_is_restored(self, erase, officer, settings, tmp_path):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ERASURES_FILE": str(tmp_path / "erased")}
        person("anna", staff_number="7")
        erase("anna")
        before = list(Erasure.objects.all())
        for known_by in ("7", "anna"):
            call_command("lift_erasure", known_by, by="officer", verbosity=0)
        Erasure.objects.bulk_create(before)
        _restore("anna", staff_number="7")
        assert "Erased: 0" in erase(again=True)
        assert not Erasure.objects.exists()

    def test_in_the_admin_asks_first(self, erase, client, officer):
        client.force_login(officer)
        person("anna", staff_number="7")
        erase("anna")
        known, url = Erasure.objects.count(), reverse("personalize_lift_erasure")
        assert "stays deleted" in client.post(url, {"known_by": "7"}).content.decode()
        assert Erasure.objects.count() == known
        client.post(url, {"known_by": "7", "confirmed": "1"})
        assert Erasure.objects.count() == known - 1

    def test_in_the_admin_is_refused_without_the_permission(self, erase, client):
        client.force_login(allowed(user(), "erase_person"))
        person("anna", staff_number="7")
        erase("anna")
        known = Erasure.objects.count()
        client.post(reverse("personalize_lift_erasure"), {"known_by": "7", "confirmed": "1"})
        assert Erasure.objects.count() == known


class TestRestoredBackup:
    def test_is_erased_again(self, erase):
        person("anna", staff_number="7")
        erase("anna")
        _restore("anna", staff_number="7")
        assert "Erased: 1" in erase(again=True)
        assert not Staff.objects.exists()

    def test_is_erased_again_from_the_file_when_the_database_forgot(self, erase, settings, tmp_path):
        path = tmp_path / "erased"
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "ERASURES_FILE": str(path)}
        person("anna", staff_number="7")
        erase("anna")
        Erasure.objects.all().delete()
        _restore("anna", staff_number="7")
        assert "Erased: 1" in erase(again=True)
        assert "anna" not in path.read_text()

    def test_takes_nobody_who_got_the_name_later(self, erase):
        person("anna")
        erase("anna")
        person("anna")
        assert "Erased: 0" in erase(again=True)

    def test_takes_an_account_without_a_staff_number_by_its_name(self, erase):
        user("editor")
        erase("editor")
        _restore("editor")
        person("ben", staff_number="8")
        assert "Erased: 1" in erase(again=True)
        assert list(get_user_model().objects.values_list("username", flat=True)) == ["ben"]


def _restore(username, **profile):
    old = person(username, **profile) if profile else user(username)
    get_user_model().objects.filter(pk=old.pk).update(date_joined="2020-01-01T00:00Z")


class TestAdminPage:
    @pytest.fixture
    def officer(self, client):
        officer = allowed(user("officer"), "erase_person")
        client.force_login(officer)
        return officer

    def test_is_refused_without_the_permission(self, client):
        client.force_login(allowed(user()))
        person("anna")
        client.post(reverse(ADMIN), {"login": "anna", "confirmed": "1"})
        assert Staff.objects.exists()

    def test_asks_first(self, client, officer):
        person("anna")
        answer = client.post(reverse(ADMIN), {"login": "anna"})
        assert "This cannot be undone." in answer.content.decode()
        assert Staff.objects.exists()

    def test_erases_when_it_is_confirmed_and_the_log_names_nobody(self, client, officer):
        anna = person("anna", first_name="Annabella")
        client.post(reverse(ADMIN), {"login": "anna", "confirmed": "1"})
        assert not get_user_model().objects.filter(pk=anna.pk).exists()
        entry = ModelLogEntry.objects.get(action="wagtail_personalize.erase_person")
        assert (entry.user, entry.label, entry.data) == (officer, "A person was erased", {})

    def test_erases_nothing_by_get(self, client, officer):
        person("anna")
        client.get(reverse(ADMIN), {"login": "anna", "confirmed": "1"})
        assert Staff.objects.exists()

    @pytest.mark.parametrize("name", ["officer", "root", "nobody"])
    def test_refuses_oneself_superusers_and_unknown_names(self, client, officer, name):
        user("root", is_superuser=True)
        assert client.post(reverse(ADMIN), {"login": name, "confirmed": "1"}).status_code == 200
        assert get_user_model().objects.count() == 2


class TestFiles:
    """What is deleted in a storage goes when the erasure is certain."""

    def test_of_the_account_and_the_profile_go(self, erase, django_capture_on_commit_callbacks):
        anna = person("anna")
        profile = UserProfile.get_for_user(anna)
        profile.avatar.save("anna.png", ContentFile(b"x"))
        with django_capture_on_commit_callbacks(execute=True):
            erase("anna")
        assert not profile.avatar.storage.exists(profile.avatar.name)

    def test_of_imports_that_nobody_runs_go_too(self, erase, django_capture_on_commit_callbacks):
        person("anna")
        waiting, compared = (
            ImportUpload.objects.create(
                file_name="hr.csv", stored=import_storage().save(f"{state}.csv", ContentFile(b"x")), state=state
            )
            for state in (ImportUpload.State.IMPORTING, ImportUpload.State.COMPARED)
        )
        with django_capture_on_commit_callbacks(execute=True):
            erase("anna")
        assert list(ImportUpload.objects.all()) == [waiting]
        assert [import_storage().exists(upload.stored) for upload in (waiting, compared)] == [True, False]


class TestErasureThatFails:
    def test_erases_nothing(self, refusing_eraser):
        anna = person("anna", staff_number="7")
        with pytest.raises(RuntimeError), transaction.atomic():
            erasing.erase(anna)
        assert Staff.objects.get().user == anna
        assert not Erasure.objects.exists()


@pytest.fixture
def refusing_eraser(monkeypatch):
    """An eraser of a site that cannot do its work now."""
    monkeypatch.setattr(registry, "_erasers", dict(registry._erasers))

    def refuse(user):
        raise RuntimeError("The badges cannot be reached.")

    registry.register_erasure("badges", refuse)
