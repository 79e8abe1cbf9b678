"""Figures are what the raw events say, however often, late or doubled they are made."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import page, segment
from tests.drawn import tries
from tests.engagement.raw import (
    MONDAY,
    bridge_of,
    content,
    event,
    figures,
    pseudonym_of,
    reference,
    stored,
    view,
)
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import ChannelFigures, Content, DirtyDay, Event, Figures, SegmentEvent
from wagtail_personalize.engagement.rollup.closing import mark
from wagtail_personalize.engagement.rollup.run import roll_up
from wagtail_personalize.segments.days import today

WEEK, MONTH = Figures.Span.WEEK, Figures.Span.MONTH
#: March 30 to April 5, 2026.
SHARED_MONDAY = date(2026, 3, 30)
pytestmark = pytest.mark.django_db


class TestDay:
    def test_counts_people_once_and_views_all(self):
        about = content()
        for person in (1, 1, 2):
            view(about, MONDAY, person)
        roll_up()
        assert (figures(about, MONDAY).viewers, figures(about, MONDAY).views) == (2, 3)

    def test_impressions_make_seers_but_no_viewers(self):
        about = content()
        event(about, MONDAY, Kind.IMPRESSION, 1)
        view(about, MONDAY, 2)
        roll_up()
        assert (figures(about, MONDAY).seers, figures(about, MONDAY).viewers) == (2, 1)

    def test_reached_are_only_those_of_the_audience(self):
        about = content()
        view(about, MONDAY, 1, meant=True)
        view(about, MONDAY, 2)
        roll_up()
        assert figures(about, MONDAY).reached == 1

    def test_the_greatest_time_of_a_view_counts_and_the_median_of_these(self):
        about = content()
        for seconds in (5, 20, 90, 600):
            view(about, MONDAY, seconds, seconds=seconds)
        event(about, MONDAY, Kind.ENGAGED, 5, load=Event.objects.get(value=5).load, value=30)
        view(about, MONDAY, 9)
        roll_up()
        row = figures(about, MONDAY)
        assert (row.engaged_median, row.timed_views, row.views) == (30, 4, 5)

    def test_scrolling_farther_is_scrolling_less_far_as_well(self):
        about = content()
        for person, share in enumerate((25, 75, 100)):
            view(about, MONDAY, person, scrolled=share)
        roll_up()
        row = figures(about, MONDAY)
        assert (row.scrolled_25, row.scrolled_50, row.scrolled_75, row.scrolled_100) == (3, 2, 2, 1)

    def test_a_time_without_its_view_is_nobodys(self):
        about = content()
        event(about, MONDAY, Kind.ENGAGED, load=1, value=40)
        view(about, MONDAY)
        roll_up()
        assert figures(about, MONDAY).timed_views == 0

    @pytest.mark.parametrize(
        ("kind", "values", "columns"),
        [
            (Kind.HELPFUL, (1, 0, 0), {"helpful": 1, "unhelpful": 2, "participants": 1}),
            (Kind.SEARCH, (0, 12), {"searches": 2, "searches_without_result": 1, "searchers": 1, "participants": 0}),
            (Kind.VISIT, (1, 0, 0), {"visits": 3, "bounces": 1}),
            (Kind.COMMENT, (None, None), {"comments": 2, "participants": 1}),
        ],
    )
    def test_adds_up_each_kind(self, kind, values, columns):
        about = content()
        for value in values:
            event(about, MONDAY, kind, value=value)
        roll_up()
        assert {name: getattr(figures(about, MONDAY), name) for name in columns} == columns


class TestLongerSpans:
    def test_people_are_counted_once_in_a_week_and_in_a_month(self):
        about = content()
        for day in (0, 1, 8):
            view(about, MONDAY + timedelta(days=day))
        roll_up()
        assert [figures(about, MONDAY, span).viewers for span in (WEEK, MONTH)] == [1, 1]
        assert [figures(about, MONDAY, span).views for span in (WEEK, MONTH)] == [2, 3]

    def test_people_are_counted_once_in_a_week_of_two_months(self):
        about = content()
        for day in (SHARED_MONDAY, SHARED_MONDAY + timedelta(days=4)):
            view(about, day)
        roll_up()
        assert figures(about, SHARED_MONDAY, WEEK).viewers == 1
        assert figures(about, SHARED_MONDAY, WEEK).views == 2

    def test_an_untouched_week_keeps_its_figures(self):
        about = content()
        view(about, MONDAY)
        roll_up()
        Figures.objects.filter(span=WEEK).update(views=99)
        view(about, MONDAY + timedelta(days=7))
        roll_up()
        assert figures(about, MONDAY, WEEK).views == 99


class TestSegments:
    def test_each_has_figures_of_its_own(self):
        about, some, others = content(), segment("Some"), segment("Others")
        view(about, MONDAY, 1, segment=some, seconds=15)
        view(about, MONDAY, 2, segment=some)
        view(about, MONDAY, 3, segment=others)
        roll_up()
        assert [figures(about, MONDAY, segment=one).viewers for one in (some, others)] == [2, 1]
        assert figures(about, MONDAY, segment=some).engaged_median == 15

    def test_one_that_was_deleted_gets_none(self):
        about, gone = content(), segment("Gone")
        view(about, MONDAY, segment=gone)
        gone.delete()
        roll_up()
        assert not Figures.objects.exists()


class TestSectionsAndTheSite:
    """Raw events only show that somebody was there: one row for a person, a day and a kind."""

    def test_what_was_done_there_is_the_sum_over_the_pages_and_people_are_counted_once(self):
        section = page("Section")
        below = [page(title, parent=section) for title in ("One", "Two")]
        pages = [content(key=str(one.translation_key)) for one in below]
        wholes = [content(Content.Type.SECTION, str(section.translation_key)), content(Content.Type.SITE, "")]
        for one in pages:
            view(one, MONDAY, 1, seconds=20)
            event(one, MONDAY, Kind.COMMENT, 1)
        for whole in wholes:
            event(whole, MONDAY, Kind.VIEW, 1)
            event(whole, MONDAY, Kind.COMMENT, 1)
        roll_up()
        for whole in wholes:
            row = figures(whole, MONDAY)
            assert (row.viewers, row.views, row.participants, row.comments) == (1, 2, 1, 2)
            assert (row.timed_views, row.engaged_median) == (2, 20)

    def test_visits_are_those_of_the_site_alone(self):
        site = content(Content.Type.SITE, "")
        for value in (1, 0):
            event(site, MONDAY, Kind.VISIT, value=value)
        roll_up()
        assert (figures(site, MONDAY).visits, figures(site, MONDAY).bounces) == (2, 1)

    def test_a_search_with_results_is_none_without_on_the_site(self):
        site, words = content(Content.Type.SITE, ""), content(Content.Type.SEARCH, "words")
        event(words, MONDAY, Kind.SEARCH, value=7)
        event(site, MONDAY, Kind.SEARCH)
        roll_up()
        row = figures(site, MONDAY)
        assert (row.searches, row.searches_without_result, row.searchers) == (1, 0, 1)


class TestChannels:
    """By which way pages were opened, of all people, in weeks and months."""

    @pytest.mark.parametrize("start", [MONDAY, SHARED_MONDAY])
    def test_count_views_and_different_people_of_a_page(self, start):
        about = content()
        for day, person, channel in ((0, 1, "mail"), (4, 1, "mail"), (4, 2, "mail"), (4, 2, "")):
            event(about, start + timedelta(days=day), person=person, channel=channel)
        roll_up()
        rows = ChannelFigures.objects.filter(span=WEEK, start=start).order_by("channel")
        assert list(rows.values_list("channel", "viewers", "views")) == [("", 1, 1), ("mail", 2, 3)]

    def test_are_made_anew_with_their_spans(self):
        about = content()
        view(about, MONDAY, channel="feed")
        roll_up()
        Event.objects.update(channel="bell")
        mark([MONDAY])
        roll_up()
        assert set(ChannelFigures.objects.values_list("channel", "span")) == {("bell", WEEK), ("bell", MONTH)}


class TestMarks:
    def test_only_marked_days_are_made_anew(self):
        about = content()
        view(about, MONDAY)
        roll_up()
        event(about, MONDAY, save=False).save()
        roll_up()
        assert figures(about, MONDAY).views == 1
        call_command("roll_up_engagement", "--all", verbosity=0)
        assert figures(about, MONDAY).views == 2

    def test_a_day_that_can_still_change_stays_marked(self):
        about = content()
        for day in (today(), today() - timedelta(days=2), today() - timedelta(days=3)):
            view(about, day)
        roll_up()
        assert set(DirtyDay.objects.values_list("day", flat=True)) == {today(), today() - timedelta(days=2)}

    def test_what_is_gone_from_the_raw_events_is_gone_from_the_figures(self):
        about = content()
        view(about, MONDAY)
        roll_up()
        Event.objects.all().delete()
        mark([MONDAY])
        roll_up()
        assert not Figures.objects.exists()

    def test_costs_as_many_queries_for_many_contents_as_for_few(self, django_assert_max_num_queries):
        for _ in range(30):
            view(content(Content.Type.HASHTAG), MONDAY)
        with django_assert_max_num_queries(46):
            roll_up()


def _events():
    kinds = st.sampled_from(list(Kind))
    return st.lists(
        st.tuples(
            st.integers(0, 1),  # content
            st.integers(0, 2),  # segment, 0: all people
            st.integers(-3, 10),  # day
            kinds,
            st.integers(1, 3),  # person
            st.integers(0, 3),  # load, 0: none
            st.one_of(st.none(), st.integers(0, 110)),
            st.booleans(),
        ),
        min_size=1,
        max_size=30,
    )


class TestAnyEvents:
    @given(drawn=_events(), data=st.data())
    @settings(max_examples=tries(24), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_twice_shuffled_or_doubled_gives_the_same_and_what_the_definitions_say(self, groups, drawn, data):
        contents, segments = groups
        made = [self._made(contents, segments, number, *one) for number, one in enumerate(drawn)]
        for model in (Event, SegmentEvent, Figures, DirtyDay):
            model.objects.all().delete()
        for some in (made[::2], data.draw(st.permutations(made))):
            for model in (Event, SegmentEvent):
                model.objects.bulk_create([one for one in some if type(one) is model], ignore_conflicts=True)
            mark(one.day for one in some)
            roll_up()
        assert stored() == reference(made)
        roll_up()
        assert stored() == reference(made)

    @pytest.fixture
    def groups(self):
        return [content(), content()], [None, segment("One"), segment("Two")]

    @staticmethod
    def _made(contents, segments, number, about, group, day, kind, person, load, value, meant):
        day = SHARED_MONDAY + timedelta(days=day)
        if load:
            load = UUID(int=1000 * person + load + 100 * about + 10_000 * group + 100_000 * day.toordinal())
        one = event(
            contents[about], day, kind, person, value=value, load=load or None, meant=meant,
            segment=segments[group], save=False,
        )  # fmt: skip
        one.pk = UUID(int=number + 1)
        assert one.pseudonym == pseudonym_of(person, day)
        assert one.bridge == bridge_of(person, day)
        return one
