"""Until when an answer holds: held, day by day, against the obvious reference."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.segments.reference import comes_round, date_matches
from wagtail_personalize.segments.rules.validity import passed, valid_until

#: Around 29 February, month ends and the turn of a year, where calendars go wrong.
days = st.dates(date(2022, 12, 1), date(2029, 3, 31)) | st.sampled_from([2023, 2024, 2025, 2028]).flatmap(
    lambda year: (
        st.dates(date(year, 1, 29), date(year, 3, 2))
        | st.dates(date(year, 3, 29), date(year, 4, 1))
        | st.dates(date(year, 12, 29), date(year, 12, 31))
    )
)
amounts = st.one_of(
    st.tuples(st.just("days"), st.integers(0, 40) | st.sampled_from([365])),
    st.tuples(st.just("weeks"), st.integers(0, 52)),
    st.tuples(st.just("months"), st.integers(0, 12)),
    st.tuples(st.just("years"), st.integers(0, 1)),
)
operators = st.sampled_from(["in_the_last", "more_than_ago", "in_the_next", "anniversary_within"])
conditions = st.builds(
    lambda operator, amount: {"operator": operator, "unit": amount[0], "value": amount[1]}, operators, amounts
)
A_DAY = timedelta(days=1)


def condition(operator, value, unit="days"):
    return {"operator": operator, "value": value, "unit": unit}


def answer(asked, value, today, yearless=False):
    return date_matches(asked["operator"], [value], asked["value"], asked["unit"], today, yearless)


def is_in(found, value, asked, yearless=False):
    if asked["operator"] != "anniversary_within":
        return any(first <= value <= last for first, last in found)
    return any(comes_round(value, first, last, yearless) for first, last in found)


class TestValidUntil:
    @pytest.mark.parametrize(
        ("asked", "value", "today", "expected"),
        [
            (condition("in_the_last", 90), date(2026, 1, 1), date(2026, 1, 2), date(2026, 4, 2)),
            (condition("in_the_last", 90), date(2026, 1, 5), date(2026, 1, 2), date(2026, 1, 5)),
            (condition("in_the_last", 90), date(2025, 1, 1), date(2026, 1, 2), None),
            (condition("in_the_last", 1, "months"), date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1)),
            (condition("more_than_ago", 1, "years"), date(2024, 2, 29), date(2024, 3, 1), date(2025, 3, 1)),
            (condition("more_than_ago", 1, "years"), date(2024, 2, 29), date(2025, 3, 1), None),
            (condition("in_the_next", 1, "months"), date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 1)),
            (condition("in_the_next", 1, "months"), date(2026, 3, 31), date(2026, 3, 1), date(2026, 4, 1)),
            (condition("anniversary_within", 0), date(2024, 2, 29), date(2025, 1, 1), date(2025, 2, 28)),
            (condition("anniversary_within", 0), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)),
            (condition("anniversary_within", 0), date(2024, 2, 29), date(2024, 2, 1), date(2025, 2, 28)),
            (condition("anniversary_within", 7), date(2019, 6, 1), date(2026, 6, 2), date(2027, 5, 25)),
            ({"operator": "on", "value": "2026-01-01"}, date(2026, 1, 1), date(2025, 12, 31), None),
            ({"operator": "is_empty"}, date(2026, 1, 1), date(2025, 12, 31), None),
        ],
    )
    def test_is_the_next_day_on_which_the_answer_can_change(self, asked, value, today, expected):
        assert valid_until(asked, value, today) == expected

    @given(asked=conditions, value=days, today=days, yearless=st.booleans())
    @settings(deadline=None)
    def test_the_answer_is_the_same_until_the_day_before(self, asked, value, today, yearless):
        end = valid_until(asked, value, today, yearless=yearless) or date.max
        now, day = answer(asked, value, today, yearless), today

        while day < min(end - A_DAY, today + 400 * A_DAY):
            day += A_DAY
            assert answer(asked, value, day, yearless) == now

    @given(asked=conditions, value=days, today=days)
    @settings(deadline=None)
    def test_on_that_day_the_answer_of_a_moving_window_does_change(self, asked, value, today):
        end = valid_until(asked, value, today)

        if end and asked["operator"] != "anniversary_within":
            assert answer(asked, value, end) != answer(asked, value, today)


class TestPassed:
    @given(asked=conditions, value=days, since=days, missed=st.integers(0, 400), yearless=st.booleans())
    @settings(deadline=None)
    @example(
        asked=condition("in_the_last", 0), value=date(2026, 3, 11), since=date(2026, 3, 10), missed=2, yearless=False
    )
    def test_holds_a_value_exactly_when_its_answer_expires_on_one_of_the_days(
        self, asked, value, since, missed, yearless
    ):
        until = since + missed * A_DAY
        end = valid_until(asked, value, since, yearless=yearless)

        found = is_in(passed(asked, since, until), value, asked, yearless)

        assert found == (end is not None and end <= until)

    def test_is_at_most_two_days_from_one_day_to_the_next(self):
        asked, today = condition("in_the_last", 90), date(2026, 3, 11)

        assert passed(asked, today - A_DAY, today) == [(date(2025, 12, 10),) * 2, (today, today)]

    def test_is_nothing_for_a_condition_that_stands_still(self):
        assert passed({"operator": "before", "value": "2026-01-01"}, date(2025, 1, 1), date(2027, 1, 1)) == []
