"""Changing the lists of named people by a pasted list or a file: what is understood, shown and written."""

import csv
import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.builders import person, segment
from tests.segments.editing import editor_with
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.admin.manual_entries import MOST_BYTES, MOST_LINES, entries, text_of
from wagtail_personalize.segments.admin.manual_lists import MOST_TO_EDIT, too_many_to_edit
from wagtail_personalize.segments.admin.manual_matching import match
from wagtail_personalize.segments.models import Cause, ManualMember, Membership, PastMembership, Segment

pytestmark = pytest.mark.django_db

NAMED = {"all": [{"operator": "nobody"}]}


@pytest.fixture
def crisis():
    made = segment("Crisis team", NAMED)
    ModelLogEntry.objects.all().delete()
    return made


def colleague(name, number="", **fields):
    someone = person(name, first_name=name.title(), last_name="Byron", staff_number=number or name, **fields)
    someone.email = f"{name}@example.com"
    someone.save()
    return someone


def url(name, *args):
    return reverse(f"personalize_segments:{name}", args=args)


def send(client, crisis, text="", **data):
    data = {"text": text, "always": "include", "mode": "add", **data}
    return client.post(url("change_named_people", crisis.pk), data)


def confirm(client, crisis, text, **data):
    """Look at the preview, then press the button in it."""
    preview = send(client, crisis, text, **data).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview)[1]
    return send(client, crisis, text, seen=seen, **data)


def on_list(crisis, always="include"):
    return {row.person for row in crisis.manual_members.filter(always=always)}


def read(text):
    return [(entry.line, entry.text) for entry in entries(text)]


class TestEntries:
    def test_stand_one_in_each_line(self):
        assert read("ada@example.com\n\n  S17 \n") == [(1, "ada@example.com"), (3, "S17")]

    def test_are_the_first_column_of_a_table(self):
        assert read("S17;Ada;Byron\nS18;Ben;Byron") == [(1, "S17"), (2, "S18")]
        assert read('"S17",Ada\n"S18",Ben') == [(1, "S17"), (2, "S18")]
        assert read("S17\tAda\nS18\tBen") == [(1, "S17"), (2, "S18")]

    def test_are_addresses_wherever_they_stand(self):
        assert read("Ada;Byron;ada@example.com\nBen;Byron;ben@example.com") == [
            (1, "ada@example.com"),
            (2, "ben@example.com"),
        ]

    def test_may_be_copied_from_an_email(self):
        assert read('"Byron, Ada" <ada@example.com>; Ben <ben@example.com>') == [
            (1, "ada@example.com"),
            (1, "ben@example.com"),
        ]

    def test_may_all_stand_in_one_line(self):
        assert read("S17, S18, S19") == [(1, "S17"), (1, "S18"), (1, "S19")]

    @pytest.mark.parametrize("text", ["", " \n;;\n", "S\n" * (MOST_LINES + 1), "x" * (MOST_BYTES + 1), "S1," * 20_001])
    def test_are_refused_when_there_are_none_or_too_many(self, text):
        with pytest.raises(ValidationError):
            entries(text)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_may_be_a_file_in_any_usual_encoding(self, encoding):
        assert text_of(SimpleUploadedFile("x.csv", "müller@example.com".encode(encoding))) == "müller@example.com"

    @pytest.mark.parametrize("content", [b"PK\x03\x04workbook", b"a\0b", b"x" * (MOST_BYTES + 1)])
    def test_are_no_workbook_and_no_flood(self, content):
        with pytest.raises(ValidationError):
            text_of(SimpleUploadedFile("x.csv", content))


class TestMatching:
    def test_finds_addresses_and_staff_numbers_whatever_their_case(self):
        ada, ben = colleague("ada"), colleague("ben", "S18")

        assert match(entries("ADA@Example.com\ns18")).people == [ada.pk, ben.pk]

    def test_tells_who_is_unknown_inactive_or_named_twice_with_the_line(self):
        colleague("ada", "S17")
        colleague("old", active=False)

        found = match(entries("S17\nnobody@example.com\nold@example.com\nada@example.com\nS99"))

        assert [(left.line, left.reason) for left in found.unmatched] == [
            (2, "nobody has this e-mail address"),
            (5, "nobody has this staff number"),
        ]
        assert [left.line for left in found.inactive] == [3]
        assert [(left.line, left.reason) for left in found.repeated] == [(4, "the same person as in line 1")]

    def test_leaves_out_what_fits_several(self):
        ada, ben = colleague("ada"), colleague("ben")
        get_user_model().objects.filter(pk__in=[ada.pk, ben.pk]).update(email="team@example.com")

        found = match(entries("team@example.com"))

        assert (found.people, found.unmatched[0].reason) == ([], "several people have this address or number")

    def test_asks_few_questions_however_long_the_list(self, django_assert_max_num_queries):
        for number in range(30):
            colleague(f"n{number}")
        text = "\n".join(f"n{number}@example.com" for number in range(30))

        with django_assert_max_num_queries(2):
            assert len(match(entries(text)).people) == 30


class TestPreview:
    def test_changes_nothing_and_names_who_is_meant_which_is_logged(self, client, boss, crisis):
        ada = colleague("ada")

        page = send(client, crisis, "ada@example.com\nx@example.com").content.decode()

        for words in ("Ada Byron", "x@example.com", "nobody has this e-mail address", "Download what was left out"):
            assert words in page
        assert not ManualMember.objects.exists()
        assert list(LookAt.objects.get().persons.all()) == [ada]

    def test_tells_who_joins_and_leaves_and_where_that_matters(self, client, boss, crisis):
        ada, _ben = colleague("ada"), colleague("ben")
        crisis.always_include([ada])
        segment("More", {"all": [{"operator": "in_segment", "value": "crisis-team"}]})

        page = send(client, crisis, "ben@example.com", mode="replace").content.decode()

        assert "1 join and 1 leave" in page
        assert "Segment: More" in page

    def test_takes_a_file(self, client, boss, crisis):
        colleague("ada")
        file = SimpleUploadedFile("list.csv", b"E-mail;Name\r\nada@example.com;Ada\r\n")

        response = send(client, crisis, file=file)

        assert response.context["added"] == ["Ada Byron"]
        assert [left.text for left in response.context["left_out"]] == ["E-mail"]

    def test_downloads_what_was_left_out_without_formulas(self, client, boss, crisis):
        answer = send(client, crisis, "=cmd()\nS99", download="1")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

        assert rows == [
            ["Line", "Entry", "Reason"],
            ["1", "'=cmd()", "nobody has this staff number"],
            ["2", "S99", "nobody has this staff number"],
        ]

    def test_shows_what_was_entered_as_text(self, client, boss, crisis):
        page = send(client, crisis, "</textarea><script>alert(1)</script>\n<b>@x").content.decode()

        assert "<script>alert(1)" not in page
        assert "<b>@x" not in page

    def test_says_what_is_wrong_with_the_form(self, client, boss, crisis):
        file = SimpleUploadedFile("list.csv", b"S17")

        assert "Nothing was entered" in send(client, crisis).content.decode()
        assert "not both" in send(client, crisis, "S17", file=file).content.decode()

    def test_goes_back_to_what_was_entered(self, client, boss, crisis):
        page = send(client, crisis, "ada@example.com", again="1").content.decode()

        assert "ada@example.com</textarea>" in page
        assert "Look what this means" in page


class TestConfirming:
    def test_adds_people_with_their_memberships_and_an_entry_in_the_history(self, client, boss, crisis):
        ada, ben = colleague("ada"), colleague("ben")

        response = confirm(client, crisis, "ada@example.com\nben@example.com\nx@example.com")

        assert response.status_code == 302
        assert set(crisis.people()) == on_list(crisis) == {ada, ben}
        assert set(Membership.objects.values_list("cause", flat=True)) == {Cause.MANUAL}
        entry = ModelLogEntry.objects.get()
        assert (entry.user, entry.data) == (boss, {"included": {"added": 2, "removed": 0}})
        followed = client.get(response.url).content.decode()
        assert "2 people were added. 1 entry was left out." in followed

    def test_replaces_the_list(self, client, boss, crisis):
        ada, ben, eve = colleague("ada"), colleague("ben"), colleague("eve")
        crisis.always_include([ada, ben])

        confirm(client, crisis, "eve@example.com\nben@example.com", mode="replace")

        assert set(crisis.people()) == on_list(crisis) == {ben, eve}
        assert PastMembership.objects.get().person == ada

    def test_takes_people_off(self, client, boss, crisis):
        ada, ben = colleague("ada"), colleague("ben")
        crisis.always_include([ada, ben])

        confirm(client, crisis, "ada@example.com", mode="remove")

        assert set(crisis.people()) == {ben}

    def test_moves_people_from_one_list_to_the_other(self, client, boss, crisis):
        ada = colleague("ada")
        crisis.always_include([ada])
        ModelLogEntry.objects.all().delete()

        confirm(client, crisis, "ada@example.com", always="exclude")

        assert (on_list(crisis, "include"), on_list(crisis, "exclude")) == (set(), {ada})
        assert crisis.size() == 0
        assert ModelLogEntry.objects.get().data == {
            "excluded": {"added": 1, "removed": 0},
            "included": {"added": 0, "removed": 1},
        }

    def test_shows_the_preview_again_when_something_changed_in_the_meantime(self, client, boss, crisis):
        colleague("ada")
        preview = send(client, crisis, "ada@example.com\nben@example.com").content.decode()
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview)[1]
        colleague("ben")

        page = send(client, crisis, "ada@example.com\nben@example.com", seen=seen).content.decode()

        assert "Something has changed in the meantime" in page
        assert not ManualMember.objects.exists()

    def test_brings_segments_up_to_date_that_name_this_one(self, client, boss, crisis):
        ada = colleague("ada")
        more = segment("More", {"all": [{"operator": "in_segment", "value": "crisis-team"}]})

        confirm(client, crisis, "ada@example.com")

        assert set(more.people()) == {ada}

    def test_costs_the_same_for_a_long_list(self, client, boss, crisis, django_assert_max_num_queries):
        for number in range(40):
            colleague(f"n{number}")
        confirm(client, crisis, "n0@example.com")
        with django_assert_max_num_queries(150) as few:
            confirm(client, crisis, "n1@example.com\nn2@example.com")
        with django_assert_max_num_queries(len(few)):
            confirm(client, crisis, "\n".join(f"n{number}@example.com" for number in range(40)))

        assert crisis.size() == 40


class TestPermission:
    @pytest.mark.parametrize(
        "permissions",
        [
            ("change_segment", "publish_segment"),
            ("view_members", "publish_segment"),
            ("change_segment", "view_members"),
        ],
    )
    def test_needs_changing_and_publishing_segments_and_seeing_members(self, client, crisis, permissions):
        client.force_login(editor_with(*permissions))
        colleague("ada")

        for answer in (
            client.get(url("change_named_people", crisis.pk)),
            send(client, crisis, "ada@example.com"),
            send(client, crisis, "ada@example.com", download="1"),
        ):
            assert answer.status_code == 302
        assert not LookAt.objects.exists()

    def test_to_look_is_seeing_members(self, client, boss, crisis):
        crisis.always_include([colleague("ada")])
        for permissions, status in ((("change_segment",), 302), (("view_segment", "view_members"), 200)):
            client.force_login(editor_with(*permissions))
            for address in (url("named_people", crisis.pk), url("named_people_results", crisis.pk)):
                answer = client.get(address)
                assert answer.status_code == status
                assert url("change_named_people", crisis.pk) not in answer.content.decode()

    def test_for_a_draft_needs_no_publishing(self, client):
        draft = segment("Draft", NAMED, live=False)
        client.force_login(editor_with("change_segment", "view_members"))
        ada = colleague("ada")

        confirm(client, draft, "ada@example.com")

        assert on_list(draft) == {ada}
        assert draft.size() == 0

    def test_is_enough_with_all_three(self, client, crisis):
        client.force_login(editor_with("change_segment", "publish_segment", "view_members"))
        ada = colleague("ada")

        confirm(client, crisis, "ada@example.com")

        assert on_list(crisis) == {ada}


class TestNamedPeople:
    def test_are_listed_searched_filtered_and_exported(self, client, boss, crisis):
        ada, ben = colleague("ada", "S17"), colleague("ben")
        crisis.always_include([ada])
        crisis.always_exclude([ben])
        address = url("named_people", crisis.pk)

        def names(**query):
            return [row.name for row in client.get(address, query).context["table"].data]

        assert names() == ["Ada Byron", "Ben Byron"]
        assert names(q="ADA") == ["Ada Byron"]
        assert names(always="exclude") == ["Ben Byron"]
        assert b"S17" in b"".join(client.get(address, {"export": "csv"}).streaming_content)
        assert LookAt.objects.count() == 4

    def test_say_when_there_are_none(self, client, boss, crisis):
        assert "Nobody is named by hand" in client.get(url("named_people", crisis.pk)).content.decode()

    def test_cost_the_same_for_many(self, client, boss, crisis, django_assert_max_num_queries):
        crisis.always_include([colleague("ada")])
        client.get(url("named_people", crisis.pk))
        with django_assert_max_num_queries(30) as few:
            client.get(url("named_people", crisis.pk))
        crisis.always_include([colleague(f"n{number}") for number in range(20)])
        with django_assert_max_num_queries(len(few)):
            client.get(url("named_people", crisis.pk))


class TestTakingOnePersonOff:
    """A link in each row, a question, a button: nothing of it needs JavaScript."""

    def link(self, client, crisis, name):
        rows = client.get(url("named_people", crisis.pk)).context["table"].data
        return next(row.remove_url for row in rows if row.name == name)

    def test_is_offered_in_each_row_by_name(self, client, boss, crisis):
        crisis.always_include([colleague("ada"), colleague("ben")])
        page = client.get(url("named_people", crisis.pk)).content.decode()
        assert 'aria-label="Take Ada Byron off the list"' in page
        assert f'href="{self.link(client, crisis, "Ben Byron")}"' in page

    def test_is_asked_and_done_and_told(self, client, boss, crisis):
        ada, ben = colleague("ada"), colleague("ben")
        crisis.always_include([ada, ben])
        ModelLogEntry.objects.all().delete()
        link = self.link(client, crisis, "Ada Byron")

        question = client.get(link).content.decode()
        assert "Ada Byron is always in “Crisis team”. Afterwards the conditions decide." in question
        assert "leaves the segment at once" in question
        assert on_list(crisis) == {ada, ben}

        answer = client.post(link, follow=True)
        assert "Ada Byron is not on the list any more." in answer.content.decode()
        assert on_list(crisis) == {ben}
        assert list(crisis.people()) == [ben]
        (entry,) = ModelLogEntry.objects.all()
        assert (entry.user, entry.data) == (boss, {"included": {"added": 0, "removed": 1}})
        assert client.post(link).status_code == 404

    def test_from_those_who_are_never_in_it_lets_the_conditions_decide(self, client, boss):
        ada = colleague("ada", department="IT")
        team = segment("IT")
        team.always_exclude([ada])
        link = self.link(client, team, "Ada Byron")
        assert "joins the segment at once" in client.get(link).content.decode()
        client.post(link)
        assert list(team.people()) == [ada]

    def test_says_nothing_of_a_change_when_there_is_none(self, client, boss):
        team = segment("IT")
        team.always_include([colleague("ada", department="IT")])
        assert "at once" not in client.get(self.link(client, team, "Ada Byron")).content.decode()

    def test_needs_the_permission_to_change_lists(self, client, boss, crisis):
        crisis.always_include([ada := colleague("ada")])
        link = self.link(client, crisis, "Ada Byron")
        for permissions in (("view_segment", "view_members"), ("change_segment", "publish_segment")):
            client.force_login(editor_with(*permissions))
            assert client.get(link).status_code == client.post(link).status_code == 302
        assert on_list(crisis) == {ada}

    def test_is_not_offered_to_those_who_may_only_look(self, client, crisis):
        crisis.always_include([colleague("ada")])
        client.force_login(editor_with("view_segment", "view_members"))
        assert "off the list" not in client.get(url("named_people", crisis.pk)).content.decode()

    def test_of_another_segment_is_not_found(self, client, boss, crisis):
        other = segment("Other", NAMED)
        other.always_include([colleague("ada")])
        member = other.manual_members.get()
        assert client.post(url("remove_named_person", crisis.pk, member.pk)).status_code == 404


class TestLongLists:
    @pytest.fixture
    def long(self, crisis):
        people = get_user_model().objects.bulk_create(
            get_user_model()(username=f"u{number}", last_name="Byron") for number in range(MOST_TO_EDIT + 1)
        )
        ManualMember.objects.bulk_create(
            ManualMember(segment=crisis, person=one, always=ManualMember.Always.INCLUDE) for one in people
        )
        return crisis

    def test_are_too_many_for_the_form(self, long):
        assert too_many_to_edit(long)
        assert not too_many_to_edit(segment("Other", NAMED))
        assert not too_many_to_edit(Segment())

    def test_stay_as_they_are_when_the_form_is_saved(self, client, boss, long):
        page = client.get(url("edit", long.pk)).content.decode()

        assert "always_included" not in page
        assert url("named_people", long.pk) in page
