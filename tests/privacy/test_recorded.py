"""What is recorded about a person: nothing is left out, nobody else is shown."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageViewRestriction

from tests.builders import home, person, segment, user
from tests.builders import page as a_page
from tests.people.hr_files import bring_in, hr_file, staff
from wagtail_personalize.people.models import Departure, ImportRun
from wagtail_personalize.people.origins.writing import set_by
from wagtail_personalize.privacy import recorded
from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.limits import take_live_size
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.privacy.reasons import Reason
from wagtail_personalize.privacy.recorded import Row, Section, claimed_models, register_recorded, sections
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

pytestmark = pytest.mark.django_db


def rows(someone, name):
    (section,) = (section for section in sections() if section.name == name)
    return section.rows(someone)


@pytest.fixture
def anna(client):
    someone = person("anna", first_name="Anna", last_name="Ek", department="IT", level=3, staff_number="7")
    client.force_login(someone)
    return someone


@pytest.fixture
def page(client, anna):
    """The page as Anna reads it."""
    return lambda: client.get(reverse("wagtail_personalize:recorded")).content.decode()


@pytest.fixture
def file(client, anna):
    """The file of Anna, by the name of the section."""

    def read():
        told = client.get(reverse("wagtail_personalize:recorded_file")).json()
        return {section["section"]: section["rows"] for section in told["recorded"]}

    return read


def in_department(name):
    return {"all": [{"attribute": "department", "operator": "is", "value": name}]}


def models_about_people():
    """Every model of the package that points to a user."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("wagtail_personalize.")]
    for model in (model for config in ours for model in config.get_models()):
        fields = [field for field in model._meta.get_fields() if field.concrete]
        if any(field.related_model is get_user_model() for field in fields):
            yield model._meta.label_lower


class TestRegistry:
    def test_claims_every_model_that_points_to_a_user(self):
        assert set(models_about_people()) - claimed_models() == set()

    def test_claims_no_model_that_does_not_exist(self):
        assert [apps.get_model(label) for label in claimed_models()]

    def test_says_of_each_section_why_and_for_how_long(self):
        for section in sections():
            assert section.title, section.name
            assert section.purpose, section.name
            assert section.retention, section.name

    def test_refuses_a_section_that_does_not_say_so(self):
        class Vague(Section):
            name, title, purpose = "vague", "Vague", "Because"

            def rows(self, person):
                return []

        with pytest.raises(ValueError, match="retention"):
            register_recorded(Vague)

    def test_refuses_a_name_that_is_taken(self):
        class Second(Section):
            name, title, purpose, retention = "looks", "Looks", "Because", "Ever"

            def rows(self, person):
                return []

        with pytest.raises(ValueError, match="already"):
            register_recorded(Second)

    def test_takes_a_section_of_the_site(self, monkeypatch, page):
        monkeypatch.setattr(recorded, "_sections", dict(recorded._sections))

        @register_recorded
        class Trainings(Section):
            name, title, purpose, retention = "trainings", "Your trainings", "Proof.", "Ten years."

            def rows(self, person):
                return [Row("Ladders", "passed", reasons=[Reason("Has climbed", True)])]

        told = page()
        assert "Your trainings" in told
        assert "Ten years." in told
        assert "Has climbed" in told


class TestPage:
    @pytest.mark.parametrize(("months", "said"), [(1, "1 month."), (25, "25 months.")])
    def test_says_for_how_many_months_something_is_kept(self, anna, page, settings, months, said):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "HISTORY_MONTHS": months}
        segment("IT")
        anna.staff.department = "Sales"
        anna.staff.save()
        assert said in page()

    def test_needs_somebody_signed_in(self, client):
        for name in ("recorded", "recorded_file"):
            answer = client.get(reverse(f"wagtail_personalize:{name}"))
            assert (answer.status_code, answer.url.split("?")[0]) == (302, "/login/")

    def test_is_kept_by_no_cache(self, client, anna):
        for name in ("recorded", "recorded_file"):
            assert "no-store" in client.get(reverse(f"wagtail_personalize:{name}"))["Cache-Control"]

    def test_is_linked_from_the_own_profile(self, client, anna):
        address = reverse("wagtail_personalize:recorded")
        assert address in client.get(reverse("wagtail_personalize:me")).content.decode()

    def test_is_there_for_somebody_without_a_profile(self, client):
        client.force_login(user("lonely"))
        assert "lonely" in client.get(reverse("wagtail_personalize:recorded")).content.decode()
        assert client.get(reverse("wagtail_personalize:recorded_file")).json()["about"] == "lonely"

    def test_is_there_without_declared_profiles(self, client, settings):
        settings.WAGTAIL_PERSONALIZE = {}
        client.force_login(user("lonely"))
        assert client.get(reverse("wagtail_personalize:recorded")).status_code == 200

    def test_shows_nobody_else(self, page):
        person("berta", first_name="Berta", last_name="Lund", department="IT", motto="Secret")
        segment("IT")
        told = page()
        assert "Anna" in told
        assert "Berta" not in told
        assert "Secret" not in told

    def test_takes_the_same_queries_for_few_and_many_rows(self, client, anna, page):
        def count():
            with CaptureQueriesContext(connection) as captured:
                page()
            return len(captured)

        def happen(number):
            segment(f"IT {number}", {"any": [{"attribute": "department", "operator": "is", "value": "IT"}]})
            log_names_seen(user(), f"Look {number}", [anna])

        happen(1)
        count()
        before = count()
        for number in range(2, 12):
            happen(number)
        count()  # new segments: what is kept of audiences under the old version is read once more
        assert count() == before

    def test_leaves_very_many_rows_to_the_file(self, anna, page, file):
        for number in range(55):
            log_names_seen(None, f"Look {number}", [anna])
        assert "5 more are in the file." in page()
        assert len(file()["looks"]) == 55


class TestProfile:
    def test_says_of_each_value_who_set_it_and_what_it_is_for(self, anna, file):
        with set_by("self"):
            anna.staff.motto = "Go on"
            anna.staff.save()
        told = {row["what"]: row for row in file()["profile"]}
        assert told["Department"]["value"] == "IT"
        assert told["Department"]["facts"]["Set by"].startswith("administration, on ")
        assert told["Motto"]["facts"]["Set by"].startswith("you, on ")
        assert told["Motto"]["facts"]["Kept by"] == "you"
        assert told["Office"] == {
            "what": "Office",
            "value": "(empty)",
            "facts": {
                "Kept by": "the personnel department",
                "Who can see it": "Colleagues, and editors who may see who is in a segment.",
            },
        }
        assert "Only those" in told["Birthday"]["facts"]["Who can see it"]
        assert told["Staff number"]["value"] == "7"

    def test_names_the_import_and_its_file(self, client, tmp_path):
        bring_in(hr_file(tmp_path, "no,dept\n7,IT\n"))
        anna = staff("7").user
        (department,) = (row for row in rows(anna, "profile") if row.title == "Department")
        assert dict(department.facts)["Set by"].endswith("(people.csv)")
        assert [row.title for row in rows(anna, "imports")] == ["people.csv"]

    def test_names_those_above_and_counts_those_below(self, anna):
        boss, clerk = person("boss", first_name="Bea", last_name="Boss"), person("clerk")
        anna.staff.manager = boss.staff
        anna.staff.save()
        clerk.staff.manager = anna.staff
        clerk.staff.save()
        assert [(row.title, row.value) for row in rows(anna, "reporting_line")] == [
            ("Your manager", "Bea Boss"),
            ("Report to you, directly or over others", "1 person"),
        ]

    def test_shows_the_account_with_its_groups(self, anna):
        anna.groups.add(Group.objects.create(name="Writers"))
        told = {str(row.title): row.value for row in rows(anna, "account")}
        assert told["First name"] == "Anna"
        assert told["User group"] == "Writers"
        assert not any("password" in title.lower() for title in told)


class TestMemberships:
    def test_say_since_when_because_of_what_and_why(self, anna, file):
        segment("IT")
        (row,) = file()["memberships"]
        assert row["what"] == "IT"
        assert row["facts"]["Because"] == "rule changed"
        (condition,) = row["why"]
        assert (condition["statement"], condition["holds"], condition["value"]) == ("Department is IT", True, "IT")

    def test_do_not_show_what_is_written_for_colleagues(self, page, file):
        segment("IT", description="Candidates for the hiring freeze")
        assert "hiring freeze" not in page()
        assert "hiring freeze" not in str(file())

    def test_show_the_tree_on_the_page(self, page):
        segment("IT")
        told = page()
        assert "Why you are in it" in told
        assert '<span aria-hidden="true">✓</span> yes' in told

    def test_that_ended_say_when_and_why(self, anna):
        segment("IT")
        anna.staff.department = "Sales"
        anna.staff.save()
        assert rows(anna, "memberships") == []
        (row,) = rows(anna, "past_memberships")
        assert dict(row.facts)["Left because"] == "profile changed"

    def test_by_hand_are_told(self, anna):
        it = segment("IT")
        it.always_exclude([anna])
        assert [(row.title, row.value) for row in rows(anna, "lists")] == [("IT", "always excluded")]


class TestLooks:
    def test_name_the_role_but_not_the_person(self, anna):
        editor = user("nosy", first_name="Nosy", last_name="Parker")
        editor.groups.add(Group.objects.create(name="Newsroom"))
        for actor in (editor, user("root", is_superuser=True), user("plain"), None):
            log_names_seen(actor, "Segment “IT”", [anna])
        told = [dict(row.facts)["By"] for row in rows(anna, "looks")]
        assert sorted(told) == ["Newsroom", "an administrator", "an editor", "somebody whose account is gone"]
        assert "Parker" not in str(rows(anna, "looks"))

    def test_name_the_kind_of_place_but_no_page_and_no_segment(self, anna, page):
        log_names_seen(user(), "Preview of “Plant closure” as this person", [anna], LookAt.Kind.PREVIEW)
        log_names_seen(user(), "Members of “Redundancies”", [anna], LookAt.Kind.MEMBERS)
        log_names_seen(user(), "Redundancies of a room of the site", [anna])
        told = page()
        assert "Plant closure" not in told
        assert "Redundancies" not in told
        titles = [row.title for row in rows(anna, "looks")]
        assert titles == ["Somewhere in the administration", "The members of a segment", "A preview of a page"]

    def test_at_others_are_told_to_whoever_looked(self, anna):
        log_names_seen(anna, "Segment “IT”", [user(), user()])
        (row,) = rows(anna, "own_looks")
        assert (row.title, dict(row.facts)["Names"]) == ("Segment “IT”", 2)
        assert rows(anna, "looks") == []

    def test_at_sizes_are_counted_for_ten_minutes(self, anna):
        take_live_size(anna)
        assert [row.value for row in rows(anna, "live_sizes")] == ["1 in the last ten minutes"]


class TestAudiences:
    @pytest.fixture
    def chosen(self, anna):
        """Pages that Anna directed to people of IT, to people of Sales, and one that is not published any more."""
        found = []
        for title, group, live in (("For IT", "IT", True), ("For Sales", "Sales", True), ("Draft", "IT", False)):
            new = a_page(title, live=live)
            set_page_audience(new, anna, Clause.of([segment(f"{group} {title}", in_department(group))]), None)
            found.append(new)
        return found

    def test_name_pages_that_may_be_opened_and_count_the_others(self, anna, chosen):
        assert [str(row.title) for row in rows(anna, "audiences")] == ["For IT", "2 more pages that you may not open"]

    def test_name_pages_that_the_person_works_on(self, anna, chosen):
        group = Group.objects.create(name="Editors of everything")
        change = Permission.objects.get(codename="change_page", content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=home(), permission=change)
        anna.groups.add(group)
        assert [row.title for row in rows(anna, "audiences")] == ["Draft", "For IT", "For Sales"]

    def test_name_no_page_that_is_private(self, anna, chosen):
        PageViewRestriction.objects.create(page=chosen[0], restriction_type="password", password="x")
        assert [str(row.title) for row in rows(anna, "audiences")] == ["3 more pages that you may not open"]


class TestImports:
    def test_that_made_somebody_inactive_are_told(self, anna):
        run = ImportRun.objects.create(file_name="left.csv", sha256="", mode="changes", by=user())
        Departure.objects.create(person=anna, run=run)
        assert [row.title for row in rows(anna, "departures")] == ["left.csv"]

    def test_are_told_to_whoever_ran_them(self, anna):
        ImportRun.objects.create(file_name="all.csv", sha256="", mode="changes", by=anna)
        (row,) = rows(anna, "own_imports")
        assert (row.title, dict(row.facts)) == ("all.csv", {"What": "Import"})


class TestFile:
    def test_is_a_download_with_everything_that_the_page_says(self, client, anna):
        segment("IT")
        answer = client.get(reverse("wagtail_personalize:recorded_file"))
        assert answer["Content-Disposition"] == 'attachment; filename="recorded-about-me.json"'
        told = answer.json()
        assert told["about"] == "anna"
        made = timezone.datetime.fromisoformat(told["made"])
        assert timezone.now() - made < timedelta(minutes=1)
        assert [section["section"] for section in told["recorded"]] == [section.name for section in sections()]
        for section in told["recorded"]:
            assert section["title"]
            assert section["purpose"]
            assert section["retention"]
