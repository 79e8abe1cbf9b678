"""What an import does to people."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import person, user
from tests.intranet.models import Staff
from tests.people.hr_files import bring_in, counts, errors_of, hr_file, mapping, staff
from wagtail_personalize.people.importing.models import ImportRun
from wagtail_personalize.people.importing.sources.contract import ImportRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    """Import a text with the basic mapping."""
    return lambda text, rules=None, **options: bring_in(hr_file(tmp_path, text), rules, **options)


def writes(captured):
    """The statements that wrote something, without the history of runs."""
    verbs = ("INSERT", "UPDATE", "DELETE", "REPLACE")
    return [
        query["sql"]
        for query in captured
        if query["sql"].lstrip().upper().startswith(verbs) and "personalize_people_importrun" not in query["sql"]
    ]


class TestNewPerson:
    def test_gets_a_user_and_a_profile(self, bring):
        assert counts(bring("no,first,mail,dept,hired\n7,Anna,anna@example.com,IT,2020-01-31\n")) == {"new": 1}
        anna = staff("7")
        assert (anna.department, anna.hired) == ("IT", date(2020, 1, 31))
        assert (anna.user.username, anna.user.first_name, anna.user.email) == ("p7", "Anna", "anna@example.com")

    def test_has_a_password_that_nobody_has_and_no_rights(self, bring):
        bring("no\n7\n")
        anna = staff("7").user
        assert not anna.has_usable_password()
        assert (anna.is_active, anna.is_staff, anna.is_superuser, anna.groups.count()) == (True, False, False, 0)

    def test_is_rejected_unless_the_mapping_creates_users(self, bring):
        result = bring("no\n7\n", mapping(create_users=False))
        assert counts(result) == {"rejected": 1}
        assert not Staff.objects.exists()

    def test_never_takes_over_a_login_name(self, bring, tmp_path):
        user("p7", is_superuser=True)
        assert counts(bring("no\n7\n8\n")) == {"new": 1, "rejected": 1}
        assert "2,login_name,“p7” belongs to somebody else already." in errors_of(tmp_path / "people.csv").read_text()

    def test_never_shares_a_login_name(self, bring):
        result = bring("no,first\n7,Anna\n8,Ánna\n", mapping(login_name="{first:slug}"))
        assert counts(result) == {"new": 1, "rejected": 1}

    def test_with_an_impossible_login_name_is_rejected(self, bring):
        assert counts(bring("no,first\n7,An na!\n", mapping(login_name="{first}"))) == {"rejected": 1}

    def test_who_left_already_is_inactive_and_counts_as_left(self, bring):
        assert counts(bring("no,left\n7,2020-01-31\n8,\n")) == {"new": 1, "left": 1}
        assert not staff("7").user.is_active


class TestKnownPerson:
    def test_is_matched_by_staff_number_and_nothing_else(self, bring):
        anna = person("anna", staff_number="7", department="IT")
        get_user_model().objects.filter(pk=anna.pk).update(email="anna@example.com")
        result = bring("no,mail,dept\n7,new@example.com,Sales\n8,anna@example.com,HR\n")
        assert counts(result) == {"changed": 1, "new": 1}
        assert (staff("7").user, staff("7").department, staff("7").user.username) == (anna, "Sales", "anna")
        assert staff("8").user != anna

    def test_keeps_what_the_file_does_not_say(self, bring):
        person(staff_number="7", department="IT", motto="Ahoy")
        bring("no,title\n7,Boss\n")
        assert (staff("7").department, staff("7").motto, staff("7").job_title) == ("IT", "Ahoy", "Boss")

    def test_loses_what_the_file_empties(self, bring):
        person(staff_number="7", department="IT", job_title="Boss", hired=date(2020, 1, 31))
        bring("no,dept,title,hired\n7,,,\n8,HR,Boss,2020-01-31\n")
        assert (staff("7").department, staff("7").job_title, staff("7").hired) == ("", None, None)

    def test_that_agrees_already_is_left_alone(self, bring):
        person(staff_number="7", department="IT", job_title="")
        assert counts(bring("no,dept,title\n7,IT,\n")) == {"unchanged": 1}

    def test_is_half_changed_never(self, bring):
        person(staff_number="7", department="IT", job_title="Clerk")
        assert counts(bring("no,dept,title,hired\n7,Sales,Boss,someday\n")) == {"rejected": 1}
        assert (staff("7").department, staff("7").job_title) == ("IT", "Clerk")

    def test_twice_in_the_file_counts_the_first_time(self, bring, tmp_path):
        result = bring("no,dept\n7,IT\n7,Sales\n")
        assert counts(result) == {"new": 1, "rejected": 1}
        assert staff("7").department == "IT"
        assert "The staff number 7 is in line 2 already." in errors_of(tmp_path / "people.csv").read_text()


class TestSameFileTwice:
    def test_changes_nothing_and_writes_nothing(self, bring):
        text = "no,first,dept,boss,left\n1,Anna,IT,,\n2,Bert,IT,1,\n3,Carl,HR,2,2020-01-31\n4,Dora,HR,9,\n"
        bring(text)
        with CaptureQueriesContext(connection) as captured:
            result = bring(text)
        assert counts(result) == {"unchanged": 3, "rejected": 1}
        assert writes(captured) == []

    def test_is_known_by_its_fingerprint(self, bring):
        first, second = bring("no\n1\n").run, bring("no\n1\n").run
        assert first.sha256 == second.sha256
        assert first.pk != second.pk


class TestManager:
    def test_may_stand_anywhere_in_the_file(self, bring):
        bring("no,boss\n1,3\n2,1\n3,\n")
        assert staff("1").manager == staff("3")
        assert staff("2").manager == staff("1")

    def test_may_be_known_already(self, bring):
        boss = person(staff_number="9").staff
        bring("no,boss\n1,9\n")
        assert staff("1").manager == boss

    def test_may_be_oneself_or_each_other(self, bring):
        assert counts(bring("no,boss\n1,1\n2,3\n3,4\n4,2\n")) == {"new": 4}
        assert [staff(n).manager.staff_number for n in "1234"] == ["1", "3", "4", "2"]

    def test_can_be_taken_away(self, bring):
        boss = person(staff_number="9").staff
        person(staff_number="1", manager=boss)
        assert counts(bring("no,boss\n1,\n")) == {"changed": 1}
        assert staff("1").manager is None

    def test_who_is_unknown_rejects_the_line(self, bring, tmp_path):
        assert counts(bring("no,boss\n1,404\n2,\n")) == {"rejected": 1, "new": 1}
        errors = errors_of(tmp_path / "people.csv").read_text()
        assert "2,boss,Nobody has the staff number 404 of the manager." in errors

    def test_who_is_unknown_may_leave_the_field_empty(self, bring):
        rules = mapping(manager={"column": "boss", "unknown": "empty"})
        assert counts(bring("no,boss\n1,404\n", rules)) == {"new": 1}
        assert staff("1").manager is None

    def test_who_is_rejected_does_not_take_others_down(self, bring):
        person(staff_number="3", manager=person(staff_number="9").staff)
        result = bring("no,boss,hired\n3,2,\n2,1,\n1,,someday\n4,5,2020-01-31\n5,404,2020-01-31\n")
        assert counts(result) == {"rejected": 2, "new": 2, "changed": 1}
        assert [staff(n).manager for n in "24"] == [None, None]
        assert staff("3").manager == staff("2")
        assert "Line 3: the line of the manager 1 was rejected, so the manager stays as it is." in result.notes

    def test_who_is_rejected_leaves_the_one_before(self, bring):
        person(staff_number="3", manager=person(staff_number="9").staff)
        assert counts(bring("no,boss,hired\n3,1,\n1,,someday\n")) == {"rejected": 1, "unchanged": 1}
        assert staff("3").manager.staff_number == "9"

    def test_of_a_known_person_may_be_new(self, bring):
        person(staff_number="1")
        bring("no,boss\n1,2\n2,\n")
        assert staff("1").manager == staff("2")


class TestLeaving:
    def test_makes_inactive_from_the_day_on(self, bring):
        for number in "123":
            person(staff_number=number)
        assert counts(bring("no,left\n1,2026-11-20\n2,2026-11-21\n3,2026-11-22\n")) == {"left": 2, "unchanged": 1}
        assert [staff(number).user.is_active for number in "123"] == [False, False, True]

    def test_can_mean_the_last_day_at_work(self, bring):
        person(staff_number="1")
        rules = mapping(leave_date={"column": "left", "last_day": True})
        assert counts(bring("no,left\n1,2026-11-21\n", rules)) == {"unchanged": 1}

    def test_of_staff_and_superusers_is_reported_only(self, bring):
        boss, root = person("boss", staff_number="1"), person("root", staff_number="2")
        get_user_model().objects.filter(pk=boss.pk).update(is_staff=True)
        get_user_model().objects.filter(pk=root.pk).update(is_superuser=True)
        result = bring("no,left\n1,2020-01-31\n2,2020-01-31\n")
        assert counts(result) == {"unchanged": 2}
        assert staff("1").user.is_active
        assert staff("2").user.is_active
        assert result.notes[0] == "Line 2: boss left but is staff or superuser, and stays active."

    def test_of_who_is_not_in_the_file_is_not_concluded(self, bring):
        person(staff_number="1")
        bring("no\n2\n")
        assert staff("1").user.is_active


class TestComingBack:
    def test_makes_active_again(self, bring):
        person(staff_number="1")
        bring("no,left\n1,2020-01-31\n")
        assert counts(bring("no,left\n1,\n2,2020-01-31\n")) == {"changed": 1, "left": 1}
        assert staff("1").user.is_active

    def test_can_happen_again_and_again(self, bring):
        for left, active in [("2020-01-31", False), ("", True), ("2020-01-31", False), ("", True)]:
            bring(f"no,left\n1,{left}\n2,2020-01-31\n")
            assert staff("1").user.is_active is active

    def test_does_not_unlock_whom_somebody_locked_out(self, bring):
        person("mallory", staff_number="1", active=False)
        result = bring("no\n1\n")
        assert counts(result) == {"unchanged": 1}
        assert not staff("1").user.is_active
        assert "mallory was made inactive by somebody, not by an import" in result.notes[0]

    @pytest.mark.parametrize("in_bulk", [False, True])
    def test_does_not_unlock_who_had_left_and_returned_before_being_locked_out(self, bring, in_bulk):
        person("ann", staff_number="1")
        bring("no,left\n1,2020-01-31\n")
        ann = staff("1").user
        ann.is_active = True
        if in_bulk:
            get_user_model().objects.filter(pk=ann.pk).update(is_active=True)
            bring("no\n1\n")
        else:
            ann.save()
        get_user_model().objects.filter(pk=ann.pk).update(is_active=False)
        assert counts(bring("no\n1\n")) == {"unchanged": 1}
        assert not staff("1").user.is_active


class TestRights:
    @pytest.mark.parametrize(
        "field", ["is_staff", "is_superuser", "is_active", "groups", "user_permissions", "password"]
    )
    def test_are_never_set_from_a_file(self, bring, field):
        with pytest.raises(ImportRefused, match="an import never sets rights, groups or passwords"):
            bring("no,x\n1,1\n", mapping(columns={"x": f"user.{field}"}))

    def test_to_sign_in_as_staff_cannot_be_moved_by_an_email_address(self, bring):
        root = person("root", staff_number="1", department="IT")
        get_user_model().objects.filter(pk=root.pk).update(is_superuser=True, email="root@example.com")
        result = bring("no,mail,dept\n1,mallory@example.com,Sales\n")
        assert counts(result) == {"changed": 1}
        assert (staff("1").user.email, staff("1").department) == ("root@example.com", "Sales")
        assert "root is staff or superuser; their email address stays as it is." in result.notes[0]

    @pytest.mark.parametrize("by_group", [False, True])
    def test_to_sign_in_as_an_editor_cannot_be_moved_by_an_email_address(self, bring, by_group):
        editor = person("eva", staff_number="1", department="IT")
        get_user_model().objects.filter(pk=editor.pk).update(email="eva@example.com")
        may_enter = Permission.objects.get(codename="access_admin")
        if by_group:
            group = Group.objects.create(name="Newsroom")
            group.permissions.add(may_enter)
            editor.groups.add(group)
        else:
            editor.user_permissions.add(may_enter)
        result = bring("no,mail,dept\n1,mallory@example.com,Sales\n")
        assert counts(result) == {"changed": 1}
        assert (staff("1").user.email, staff("1").department) == ("eva@example.com", "Sales")
        assert "eva holds permissions on this site; their email address stays as it is." in result.notes[0]

    def test_of_an_editor_do_not_keep_them_active_when_they_leave(self, bring):
        person("eva", staff_number="1").user_permissions.add(Permission.objects.get(codename="access_admin"))
        assert counts(bring("no,left\n1,2020-01-31\n")) == {"left": 1}
        assert not staff("1").user.is_active

    def test_do_not_matter_to_people_in_groups_without_any(self, bring):
        person("ann", staff_number="1").groups.add(Group.objects.create(name="Choir"))
        assert counts(bring("no,mail\n1,ann@example.com\n")) == {"changed": 1}
        assert staff("1").user.email == "ann@example.com"

    def test_are_asked_about_in_one_go(self, bring):
        def queries(mails):
            with CaptureQueriesContext(connection) as captured:
                bring("no,mail\n" + mails, dry_run=True)
            return len(captured)

        for number in range(1, 21):
            person(staff_number=str(number))
        few = queries("1,a1@example.com\n")
        assert queries("".join(f"{n},a{n}@example.com\n" for n in range(1, 21))) == few


class TestDryRun:
    TEXT = (
        "no,first,dept,boss,left,hired\n1,Anna,IT,,,\n2,Bert,Sales,1,,\n3,Carl,IT,4,,\n4,Dora,IT,,2020-01-31,\n"
        "5,Emil,IT,6,,\n6,Fred,IT,,,someday\n7,Gina,IT,8,,\n7,Gina,IT,,,\n,Nobody,,,,\n8,Hugo,IT,7,,2020-01-31\n"
    )

    def test_counts_what_a_run_would_do(self, bring):
        person(staff_number="1", department="IT")
        person(staff_number="2", department="IT")
        planned = bring(self.TEXT, dry_run=True)
        done = bring(self.TEXT)
        assert planned.counts == done.counts
        assert counts(done) == {"new": 4, "changed": 2, "left": 1, "rejected": 3}

    def test_writes_nothing(self, bring):
        person(staff_number="2", department="IT")
        with CaptureQueriesContext(connection) as captured:
            bring(self.TEXT, dry_run=True)
        assert not [query for query in captured if not query["sql"].lstrip().upper().startswith("SELECT")]
        assert not ImportRun.objects.exists()

    def test_lists_the_rejected_lines(self, bring, tmp_path):
        bring(self.TEXT, dry_run=True)
        errors = errors_of(tmp_path / "people.csv")
        planned = errors.read_text()
        bring(self.TEXT)
        assert errors.read_text() == planned


class TestQueries:
    @pytest.mark.parametrize("first_import", [True, False])
    def test_do_not_grow_with_the_people_of_a_batch(self, bring, first_import):
        def cost(people):
            Staff.objects.all().delete()
            get_user_model().objects.all().delete()
            rows = "".join(f"{n},P,IT,1\n" for n in range(1, people))
            if not first_import:
                bring("no,first,dept,boss\n" + rows)
                rows = rows.replace("IT", "HR")
            with CaptureQueriesContext(connection) as captured:
                bring("no,first,dept,boss\n" + rows)
            return len(captured)

        cost(5)  # remembers how the texts fold
        assert cost(10) == cost(60)


class TestHistory:
    def test_tells_what_was_imported_by_whom(self, bring):
        admin = user("admin")
        run = bring("no,left\n1,\n2,\n3,2020-01-31\n,\n3,\n", by=admin).run
        run.refresh_from_db()
        assert (run.file_name, run.mode, run.state, run.by) == ("people.csv", "changes", "finished", admin)
        assert {name: count for name, count in run.counts.items() if count} == {"new": 2, "left": 1, "rejected": 1}
        assert run.checkpoint == 3
        assert run.started_at <= run.finished_at
