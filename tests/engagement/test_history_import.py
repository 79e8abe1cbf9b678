"""The log of another system becomes figures, by the rules of what is measured here; nothing else stays."""

import csv
import json
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import page, person, segment
from tests.drawn import tries
from tests.engagement.raw import content, figures, stored, view
from wagtail_personalize.engagement.models import (
    Content,
    Event,
    Figures,
    HourCount,
    Objection,
    ReportingSegment,
    SegmentEvent,
)
from wagtail_personalize.engagement.rollup.run import roll_up
from wagtail_personalize.engagement.rollup.spans import first_of_month
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.models import Membership

DAY, WEEK, MONTH = Figures.Span
#: Some days behind it are in the same month.
FIRST = first_of_month(today() - timedelta(days=60))
MONDAY = FIRST + timedelta(days=-FIRST.weekday() % 7)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.django_db


def at(clock="09:00", days=0):
    """A time of the day on which the logs of these tests begin."""
    return f"{MONDAY + timedelta(days=days)} {clock}"


@pytest.fixture
def load(tmp_path):
    """Imports rows of time, person, page and more; returns what the command says."""

    def load(rows, header="time,person,page", content=None, encoding="utf-8", dry_run=False, **mapping):
        names = header.split(",")
        text = StringIO()
        csv.writer(text).writerows([names, *rows])
        log = tmp_path / "log.csv"
        log.write_bytes((content or text.getvalue()).encode(encoding))
        columns = {name: name for name in names if name in ("time", "person", "page", "type", "user_agent", "session")}
        path = tmp_path / "mapping.json"
        path.write_text(json.dumps({**columns, **mapping}))
        out = StringIO()
        call_command("import_engagement_log", str(log), mapping=path, dry_run=dry_run, stdout=out)
        return out.getvalue()

    return load


def site():
    return Content.objects.get(type=Content.Type.SITE)


def page_content(title):
    return Content.objects.get(type=Content.Type.PAGE, label=title)


class TestFigures:
    def test_views_and_people_of_a_page_a_section_and_the_site(self, load):
        section = page("Section")
        page("News", parent=section)
        load([(at(), "anna", "/section/news/"), (at("10:00"), "anna", "/section/news"), (at(), "ben", "/other")])
        news, other = page_content("News"), page_content("other")
        above = Content.objects.get(type=Content.Type.SECTION)
        found = {
            one: (figures(one, MONDAY).viewers, figures(one, MONDAY).views) for one in (news, other, above, site())
        }
        assert found == {news: (1, 2), other: (1, 1), above: (1, 2), site(): (2, 3)}

    def test_people_are_counted_once_in_a_week(self, load):
        load([(at(), "anna", "/x"), (at(days=1), "Anna ", "/x")])
        assert figures(site(), MONDAY, WEEK).viewers == 1
        assert figures(site(), MONDAY, WEEK).views == 2

    def test_says_that_it_is_imported(self, load):
        load([(at(), "anna", "/x")])
        assert set(Figures.objects.values_list("imported", flat=True)) == {True}

    def test_types_are_what_is_usual_or_what_the_mapping_says(self, load):
        types = {"like it": "reaction", "heartbeat": ""}
        rows = [
            (at(f"09:0{n}"), "anna", "/x", kind) for n, kind in enumerate(["pageview", "Like it", "heartbeat", "?"])
        ]
        said = load(rows, "time,person,page,type", types=types)
        assert (figures(site(), MONDAY).views, figures(site(), MONDAY).reactions) == (1, 1)
        assert "Of types that do not count: 2" in said

    def test_searches_know_their_words_and_their_results(self, load):
        rows = [
            (at(), "anna", "/search", "search", "Urlaub", "0"),
            (at("10:00"), "ben", "/search", "search", "urlaub", ""),
        ]
        load(rows, "time,person,page,type,words,hits", search="words", results="hits")
        row = figures(Content.objects.get(type=Content.Type.SEARCH), MONDAY)
        assert (row.searches, row.searches_without_result, row.searchers) == (2, 1, 2)

    def test_engaged_time_where_the_log_has_it(self, load):
        rows = [(at(), "anna", "/x", "20"), (at("10:00"), "ben", "/x", "7200"), (at("11:00"), "cem", "/x", "")]
        load(rows, "time,person,page,spent", seconds="spent")
        row = figures(page_content("x"), MONDAY)
        assert (row.engaged_median, row.timed_views, row.views) == (20, 2, 3)

    def test_hours_of_views(self, load):
        load([(at("14:10"), "anna", "/x"), (at("14:20", days=7), "ben", "/x")])
        rows = HourCount.objects.filter(weekday=0, hour=14)
        assert sum(rows.values_list("views", flat=True)) == 2


class TestVisits:
    def visits(self, load, *clocks, kinds=None):
        kinds = kinds or ["view"] * len(clocks)
        load([(clock, "anna", "/x", kind) for clock, kind in zip(clocks, kinds, strict=True)], "time,person,page,type")
        return figures(site(), MONDAY)

    def test_end_after_half_an_hour(self, load):
        assert self.visits(load, at("09:00"), at("09:29:59"), at("09:59:59")).visits == 2

    def test_end_after_twelve_hours(self, load):
        clocks = [at(f"{6 + n // 4:02}:{n % 4 * 15:02}") for n in range(60)]
        assert self.visits(load, *clocks).visits == 2

    def test_are_not_cut_at_midnight(self, load):
        self.visits(load, at("23:50"), at("00:10", days=1))
        assert [figures(site(), MONDAY + timedelta(days=n)).visits for n in (0, 1)] == [1, 0]

    def test_with_one_view_and_nothing_done_are_bounces(self, load):
        assert self.visits(load, at("09:00"), at("11:00"), at("11:05"), at("15:00"), at("15:01"),
                           kinds=["view", "view", "view", "view", "like"]).bounces == 1  # fmt: skip


class TestWhatDoesNotCount:
    def test_programs(self, load):
        rows = [(at(), "anna", "/x", FIREFOX), (at("10:00"), "ben", "/x", "curl/8.0"), (at("11:00"), "cem", "/x", "-")]
        assert "By programs: 1" in load(rows, "time,person,page,user_agent")
        assert figures(site(), MONDAY).views == 2

    def test_the_same_line_twice(self, load):
        assert "Told twice: 1" in load([(at(), "anna", "/x"), (at(), "anna", "/x")])
        assert figures(site(), MONDAY).views == 1

    def test_people_without_a_name(self, load):
        assert "By nobody known: 2" in load([(at(), "", "/x"), (at(), "-", "/x")])
        assert not Figures.objects.exists()

    @pytest.mark.parametrize("text", ["soon", "2999-01-01 10:00", "1970-01-01 00:00", ""])
    def test_impossible_times_stand_in_the_error_file(self, load, tmp_path, text):
        assert "Rejected: 1" in load([(at(), "anna", "/x"), (text, "anna", "/x")])
        assert (tmp_path / "log.csv.errors.csv").read_text("utf-8-sig").splitlines()[1].startswith("3,time,")

    def test_what_is_older_than_figures_live(self, load):
        assert "Too old: 1" in load([("2010-05-05 10:00", "anna", "/x")])

    def test_people_who_objected(self, load):
        Objection.objects.create(person=person("anna"))
        assert "By people who objected: 1" in load([(at(), "anna", "/x")], people="username")
        assert not Figures.objects.exists()


class TestSegments:
    @pytest.fixture
    def sales(self):
        sales = segment("Sales")
        ReportingSegment.objects.create(segment=sales)
        return sales

    def test_are_those_of_the_day_on_which_it_happened(self, load, sales):
        anna = person("anna", department="Sales", staff_number="7")
        person("ben", department="Legal", staff_number="8")
        since = timezone.make_aware(datetime.combine(MONDAY + timedelta(days=1), datetime.min.time()))
        Membership.objects.filter(person=anna).update(since=since)
        load([(at(days=n), who, "/x") for n in (0, 1) for who in ("7", "8")], people="staff_number")
        rows = Figures.objects.filter(segment_id=sales.pk, span=DAY, content=page_content("x"))
        assert [(row.start, row.viewers) for row in rows] == [(MONDAY + timedelta(days=1), 1)]

    def test_the_audience_is_known_where_people_are(self, load, sales):
        page("News")
        person("anna", department="Sales")
        person("ben")
        load([(at(), "anna", "/news"), (at(), "stranger", "/news")], people="username")
        row = figures(page_content("News"), MONDAY)
        assert (row.audience, row.reached, row.viewers) == (2, 1, 2)

    def test_without_people_nobody_tells_the_audience(self, load):
        page("News")
        load([(at(), "anna", "/news")])
        assert figures(page_content("News"), MONDAY).audience is None


class TestAgain:
    def test_replaces_and_does_not_add(self, load):
        rows = [(at(days=n), "anna", "/x") for n in range(9)]
        load(rows)
        before, hours = stored(), HourCount.objects.count()
        load(rows[::-1])
        assert (stored(), HourCount.objects.count()) == (before, hours)

    def test_leaves_alone_what_was_measured_here(self, load):
        own = content()
        view(own, MONDAY + timedelta(days=1))
        roll_up()
        before = stored()
        assert "Of days that were measured here: 1" in load([(at(days=n), "anna", "/x") for n in (0, 1)])
        assert {key: numbers for key, numbers in stored().items() if key in before} == before
        assert set(Figures.objects.filter(imported=True).values_list("span", "start")) == {("day", MONDAY)}

    def test_what_is_measured_later_takes_the_place_of_what_was_imported(self, load):
        load([(at(), "anna", "/x")])
        own = content()
        view(own, MONDAY)
        roll_up()
        assert not Figures.objects.filter(imported=True).exists()

    def test_stores_nothing_raw(self, load):
        load([(at(), "anna", "/x")])
        assert not Event.objects.exists()
        assert not SegmentEvent.objects.exists()

    def test_a_dry_run_counts_and_writes_nothing(self, load):
        said = load([(at(), "anna", "/x"), (at(), "anna", "/x")], dry_run=True)
        assert "Told twice: 1" in said
        assert "Visits: 1" in said
        assert not Figures.objects.exists()
        assert not Content.objects.exists()


class TestPages:
    @pytest.mark.parametrize("name", ["/news/", "NEWS", "https://old.example/news?x=1#top", "/n%65ws"])
    def test_are_found_by_their_path(self, load, name):
        here = page("News")
        load([(at(), "anna", name)])
        assert Content.objects.get(type=Content.Type.PAGE).key == str(here.translation_key)

    def test_are_found_where_the_mapping_says_they_went(self, load):
        here = page("News")
        load([(at(), "anna", "/old/1")], pages={"/old/1": "/news"})
        assert Content.objects.get(type=Content.Type.PAGE).key == str(here.translation_key)

    def test_are_found_by_other_names(self, load):
        here = page("News of today", slug="today")
        for by, name in (("id", str(here.pk)), ("slug", "today"), ("title", "news OF today")):
            load([(at(), "anna", name)], pages_by=by)
            assert Content.objects.get(type=Content.Type.PAGE).key == str(here.translation_key)


class TestMapping:
    @pytest.mark.parametrize(
        "wrong",
        [{"tiem": "x"}, {"person": ""}, {"people": "shoe size"}, {"types": {"x": "view?"}}, {"session": "none"}],
    )
    def test_that_is_wrong_is_refused(self, load, wrong):
        with pytest.raises(CommandError):
            load([(at(), "anna", "/x", "view")], "time,person,page,type", **wrong)


class TestAnyLog:
    @given(
        drawn=st.lists(
            st.tuples(st.integers(0, 10), st.integers(0, 23 * 60), st.sampled_from("abc"), st.sampled_from("xy")),
            min_size=1,
            max_size=25,
        ),
        data=st.data(),
    )
    @settings(max_examples=tries(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_gives_the_same_in_any_order_and_doubled(self, load, drawn, data):
        rows = [(at(f"{m // 60:02}:{m % 60:02}", days), who, f"/{where}") for days, m, who, where in drawn]
        Figures.objects.all().delete()
        load(rows)
        before = stored()
        Figures.objects.all().delete()
        load(data.draw(st.permutations(rows + rows[::2])))
        assert stored() == before
        assert figures(site(), date.fromisoformat(min(rows)[0][:10]), MONTH).views
