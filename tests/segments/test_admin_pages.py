"""The pages about one segment in the admin: about, members, joined and left, each for whoever may see what."""

import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from tests.builders import person, segment
from tests.segments.editing import editor_with
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.models import Cause, Membership, PastMembership, Segment
from wagtail_personalize.segments.usage import Usage, _providers, register_usage

pytestmark = pytest.mark.django_db

LEGAL = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["Legal"]}]}
NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Berlin"))


def url(name, *args):
    return reverse(f"personalize_segments:{name}", args=args)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def editor(client):
    """May change segments, but not see who is in them."""
    someone = editor_with("add_segment", "change_segment", "view_segment")
    client.force_login(someone)
    return someone


def lawyer(first_name, last_name="Byron", days=0, cause=Cause.PROFILE, **fields):
    """Somebody in the segment *Lawyers* for so many days."""
    someone = person(first_name=first_name, last_name=last_name, department="Legal", **fields)
    lawyers = Segment.objects.filter(slug="lawyers").first() or segment("Lawyers", LEGAL)
    rows = Membership.objects.filter(segment=lawyers, person=someone)
    rows.update(since=NOON - timedelta(days=days), cause=cause)
    return someone


def former(lawyers, first_name, since, until, end_cause=Cause.IMPORT):
    someone = person(first_name=first_name, last_name="Gone")
    PastMembership.objects.create(
        segment=lawyers,
        person=someone,
        since=NOON - timedelta(days=since),
        until=NOON - timedelta(days=until),
        cause=Cause.RULE,
        end_cause=end_cause,
    )
    return someone


def names(response):
    return [row.name for row in response.context["table"].data]


def shown(response):
    return response.content.decode()


class TestAbout:
    def test_tells_state_sentence_size_and_who_came_and_went(self, client, boss):
        lawyer("Ada", days=3)
        lawyers = Segment.objects.get()
        former(lawyers, "Ben", 100, 5)

        page = shown(client.get(url("inspect", lawyers.pk)))

        for words in (
            "Live",
            "Department is Legal",
            "1 person",
            "+1 / −1 in the last 30 days",
            url("edit", lawyers.pk),
        ):
            assert words in page
        assert not LookAt.objects.exists()

    def test_says_of_a_draft_that_nobody_is_in_it(self, client, boss):
        draft = segment("Lawyers", LEGAL, live=False)

        assert "Nobody is in it until it is published" in shown(client.get(url("inspect", draft.pk)))

    def test_tells_how_many_are_on_its_lists_as_exactly_as_sizes(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        for number in range(7):
            (lawyers.always_include if number else lawyers.always_exclude)([person()])
        page = shown(client.get(url("inspect", lawyers.pk)))
        assert "6 people are always in it, 1 person is never in it." in page

        client.force_login(editor_with("add_segment", "change_segment", "view_segment"))
        page = shown(client.get(url("inspect", lawyers.pk)))
        assert "always in it: at least 5 people, never in it: fewer than 5 people." in page
        assert "6 people" not in page

    def test_says_what_is_broken(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        lawyers.rule = {"all": [{"attribute": "gone", "operator": "is", "value": "x"}]}
        Segment.objects.bulk_update([lawyers], ["rule"])

        assert "This segment is broken" in shown(client.get(url("inspect", lawyers.pk)))

    def test_lists_where_the_segment_is_used_by_kind_and_linked(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        more = segment("More", {"all": [{"operator": "in_segment", "value": "lawyers"}]})

        def usages(segment):
            yield Usage("Page", "Salary bands", url="/admin/pages/7/")
            yield Usage("Page", "Holidays", url="/admin/pages/8/")

        register_usage(usages)
        try:
            response = client.get(url("inspect", lawyers.pk))
        finally:
            _providers.remove(usages)

        assert [(kind, len(places)) for kind, places in response.context["usages"]] == [("Segment", 1), ("Page", 2)]
        assert f'href="{url("inspect", more.pk)}"' in shown(response)
        assert 'href="/admin/pages/8/"' in shown(response)

    def test_rounds_everything_for_those_who_may_not_see_members(self, client, editor):
        for number in range(7):
            lawyer(f"L{number}", days=40)
        lawyers = Segment.objects.get()

        response = client.get(url("inspect", lawyers.pk))
        page = shown(response)

        assert "at least 5 people" in page
        assert {point.height for point in response.context["chart"].points} == {5}
        assert url("members", lawyers.pk) not in page
        assert "in the last 30 days" not in page

    def test_costs_the_same_however_much_happened(self, client, boss, django_assert_max_num_queries):
        lawyer("Ada", days=30)
        lawyers = Segment.objects.get()
        client.get(url("inspect", lawyers.pk))
        with django_assert_max_num_queries(70) as few:
            client.get(url("inspect", lawyers.pk))
        for number in range(20):
            lawyer(f"L{number}", days=number)
            former(lawyers, f"F{number}", 50 + number, number)
        with django_assert_max_num_queries(len(few)):
            client.get(url("inspect", lawyers.pk))


class TestChart:
    def test_has_the_same_as_a_table(self, client, boss):
        lawyer("Ada", days=3)
        lawyer("Ben", days=1)

        chart = client.get(url("inspect", Segment.objects.get().pk)).context["chart"]

        assert [(point.height, point.words) for point in chart.points] == [
            (1, "1 person"),
            (1, "1 person"),
            (2, "2 people"),
            (2, "2 people"),
        ]

    def test_takes_a_point_of_each_week_when_it_is_long(self, client, boss):
        lawyer("Ada", days=300)

        points = client.get(url("inspect", Segment.objects.get().pk)).context["chart"].points

        assert len(points) == 43
        assert points[-1].day == NOON.date()

    def test_says_that_a_young_segment_has_none_yet(self, client, boss):
        lawyer("Ada")

        page = shown(client.get(url("inspect", Segment.objects.get().pk)))

        assert "From tomorrow on" in page
        assert "<canvas" not in page

    def test_needs_no_inline_script_or_style(self, client, boss):
        lawyer("Ada", days=3)

        page = shown(client.get(url("inspect", Segment.objects.get().pk)))
        ours = page[page.index("personalize-about") : page.index("</main>")]

        assert "<script" not in ours
        assert "style=" not in ours
        assert "chart.umd.min.js" in page


class TestMembers:
    def test_are_listed_with_since_and_cause_and_the_look_is_logged(self, client, boss):
        ada = lawyer("Ada", days=10, cause=Cause.IMPORT, staff_number="S7")
        lawyers = Segment.objects.get()

        response = client.get(url("members", lawyers.pk))

        for words in ("Ada Byron", "S7", "Nov. 12, 2026", "import"):
            assert words in shown(response)
        look = LookAt.objects.get()
        assert (look.actor, list(look.persons.all()), look.subject) == (boss, [ada], "Members of “Lawyers”")

    def test_lead_to_why_they_are_in_it(self, client, boss):
        lawyer("Ada")
        lawyers = Segment.objects.get()
        (row,) = client.get(url("members", lawyers.pk)).context["table"].data

        assert "Ada Byron is in this segment" in shown(client.get(row.url))

    def test_are_closed_to_those_without_the_permission(self, client, editor):
        lawyer("Ada")
        lawyers = Segment.objects.get()

        for address in (url("members", lawyers.pk), url("members_results", lawyers.pk)):
            for query in ({}, {"export": "csv"}):
                answer = client.get(address, query)
                assert answer.status_code == 302
                assert "Byron" not in shown(answer)
        assert not LookAt.objects.exists()

    def test_are_closed_to_those_who_may_see_members_but_no_segments(self, client):
        client.force_login(editor_with("view_members"))
        lawyer("Ada")

        assert client.get(url("members", Segment.objects.get().pk)).status_code == 302

    def test_are_found_by_name_whatever_case_and_accents(self, client, boss):
        lawyer("Zoë", "Müller")
        lawyer("Ada")
        lawyers = Segment.objects.get()

        assert names(client.get(url("members", lawyers.pk), {"q": "MULLER zoe"})) == ["Zoë Müller"]
        assert "Nobody is called that" in shown(client.get(url("members", lawyers.pk), {"q": "xyz"}))

    def test_are_sorted_by_name_or_by_when_they_joined(self, client, boss):
        lawyer("Ada", "Zuse", days=1)
        lawyer("Ben", "Adler", days=9)
        lawyers = Segment.objects.get()

        assert names(client.get(url("members", lawyers.pk))) == ["Ben Adler", "Ada Zuse"]
        assert names(client.get(url("members", lawyers.pk), {"ordering": "-name"})) == ["Ada Zuse", "Ben Adler"]
        assert names(client.get(url("members", lawyers.pk), {"ordering": "-member_since"})) == ["Ada Zuse", "Ben Adler"]

    def test_are_filtered_by_cause(self, client, boss):
        lawyer("Ada", cause=Cause.IMPORT)
        lawyer("Ben", cause=Cause.MANUAL)

        assert names(client.get(url("members", Segment.objects.get().pk), {"cause": "manual"})) == ["Ben Byron"]

    def test_cost_the_same_for_many(self, client, boss, django_assert_max_num_queries):
        lawyer("Ada")
        lawyers = Segment.objects.get()
        client.get(url("members", lawyers.pk))
        with django_assert_max_num_queries(30) as few:
            client.get(url("members", lawyers.pk))
        for number in range(60):
            lawyer(f"L{number}")
        with django_assert_max_num_queries(len(few)):
            first = client.get(url("members", lawyers.pk))
        second = client.get(url("members_results", lawyers.pk), {"p": 2})

        assert (len(names(first)), len(names(second))) == (50, 11)


class TestMembersOfADay:
    def test_are_those_who_were_in_it_then(self, client, boss):
        lawyer("Ada", days=3)
        lawyers = Segment.objects.get()
        ben = former(lawyers, "Ben", 100, 5)

        response = client.get(url("members", lawyers.pk), {"day": "2026-10-01"})

        assert names(response) == ["Ben Gone"]
        assert "Lawyers on Oct. 1, 2026" in shown(response)
        assert "rule changed" in shown(response)
        assert list(LookAt.objects.get().persons.all()) == [ben]

    @pytest.mark.parametrize(
        ("day", "words"),
        [("2025-01-01", "before that day it is not known"), ("2027-01-01", "has not come yet"), ("x", "valid date")],
    )
    def test_that_are_not_known_are_not_made_up(self, client, boss, day, words):
        lawyer("Ada", days=1000)

        response = client.get(url("members", Segment.objects.get().pk), {"day": day})

        assert names(response) == []
        assert words in shown(response)

    def test_are_exported_too(self, client, boss):
        lawyer("Ada", days=3)
        lawyers = Segment.objects.get()
        former(lawyers, "Ben", 100, 5)

        answer = client.get(url("members", lawyers.pk), {"day": "2026-10-01", "export": "csv"})

        assert b"Ben" in b"".join(answer.streaming_content)
        assert "lawyers-2026-10-01.csv" in answer["Content-Disposition"]


class TestExport:
    def test_as_csv_holds_everybody_and_no_formula_and_is_logged(self, client, boss):
        for number in range(55):
            lawyer(f"L{number}")
        lawyer("=cmd()", "", staff_number="+49")

        answer = client.get(url("members", Segment.objects.get().pk), {"export": "csv"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

        assert len(rows) == 56
        formula = next(row for row in rows if "cmd" in row["Name"])
        assert (formula["Name"], formula["Staff number"]) == ("'=cmd()", "'+49")
        assert formula["In this segment since"] == "2026-11-22"
        assert LookAt.objects.get().persons.count() == 56

    def test_as_xlsx_holds_no_formula(self, client, boss):
        lawyer("=1+1", "", days=2)

        answer = client.get(url("members", Segment.objects.get().pk), {"export": "xlsx"})
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

        (name, *_others) = list(book.active.rows)[1]
        assert (name.value, name.data_type) == ("=1+1", "s")


class TestJoinedAndLeft:
    def test_lists_what_happened_newest_first_with_its_cause(self, client, boss):
        ada = lawyer("Ada", days=3, cause=Cause.MANUAL)
        lawyers = Segment.objects.get()
        ben = former(lawyers, "Ben", 100, 5)

        response = client.get(url("comings", lawyers.pk))

        told = [(row.name, row.joined, row.cause) for row in response.context["table"].data]
        assert told == [
            ("Ada Byron", True, "list of named people changed"),
            ("Ben Gone", False, "import"),
            ("Ben Gone", True, "rule changed"),
        ]
        assert set(LookAt.objects.get().persons.all()) == {ada, ben}

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"what": "left"}, ["Ben Gone"]),
            ({"what": "joined"}, ["Ada Byron", "Ben Gone"]),
            ({"cause": "import"}, ["Ben Gone"]),
            ({"cause": ["import", "manual"]}, ["Ada Byron", "Ben Gone"]),
            ({"on_from": "2026-11-17", "on_to": "2026-11-17"}, ["Ben Gone"]),
            ({"on_from": "2026-11-18"}, ["Ada Byron"]),
            ({"q": "byron"}, ["Ada Byron"]),
            ({"on_from": "0001-01-01"}, ["Ada Byron", "Ben Gone", "Ben Gone"]),
            ({"on_to": "0001-01-01"}, []),
            ({"on_to": "9999-12-31"}, ["Ada Byron", "Ben Gone", "Ben Gone"]),
            ({"on_from": "9999-12-31"}, []),
        ],
    )
    def test_is_filtered(self, client, boss, query, found):
        lawyer("Ada", days=3, cause=Cause.MANUAL)
        lawyers = Segment.objects.get()
        former(lawyers, "Ben", 100, 5)

        assert names(client.get(url("comings", lawyers.pk), query)) == found

    def test_shows_only_the_chart_to_those_who_may_not_see_members(self, client, editor):
        lawyer("Ada", days=3)
        lawyers = Segment.objects.get()
        former(lawyers, "Ben", 100, 5)

        for address in (url("comings", lawyers.pk), url("comings_results", lawyers.pk)):
            page = shown(client.get(address, {"q": "Ada"}))
            assert "Ada" not in page.replace('value="Ada"', "")
            assert "Ben" not in page
        assert "<canvas" in shown(client.get(url("comings", lawyers.pk)))
        assert not LookAt.objects.exists()

    def test_costs_the_same_however_much_happened(self, client, boss, django_assert_max_num_queries):
        lawyer("Ada", days=3)
        lawyers = Segment.objects.get()
        client.get(url("comings", lawyers.pk))
        with django_assert_max_num_queries(30) as few:
            client.get(url("comings", lawyers.pk))
        for number in range(30):
            former(lawyers, f"F{number}", 50 + number, number)
        with django_assert_max_num_queries(len(few)):
            response = client.get(url("comings", lawyers.pk))

        assert len(names(response)) == 50
