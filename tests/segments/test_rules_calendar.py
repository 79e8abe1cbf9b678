from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.segments.reference import comes_round
from wagtail_personalize.segments.rules.calendar import ago, ahead, anniversary, days_of_years, months_ago, years_ago

near_leap_days = st.sampled_from([1999, 2000, 2023, 2024, 2025, 2026, 2100]).flatmap(
    lambda year: st.dates(date(year, 2, 26), date(year, 3, 2)) | st.dates(date(year, 12, 29), date(year, 12, 31))
)


class TestAgo:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2026, 3, 31), 1, date(2026, 2, 28)),
            (date(2024, 3, 31), 1, date(2024, 2, 29)),
            (date(2026, 3, 30), 1, date(2026, 2, 28)),
            (date(2026, 12, 31), 6, date(2026, 6, 30)),
            (date(2026, 1, 15), 13, date(2024, 12, 15)),
            (date(2026, 1, 15), 0, date(2026, 1, 15)),
        ],
    )
    def test_months_end_on_the_last_day_that_the_month_has(self, day, months, expected):
        assert months_ago(day, months) == ago(day, months, "months") == expected

    @pytest.mark.parametrize(
        ("day", "years", "expected"),
        [
            (date(2024, 2, 29), 1, date(2023, 2, 28)),
            (date(2024, 2, 29), 4, date(2020, 2, 29)),
            (date(2025, 2, 28), 1, date(2024, 2, 28)),
        ],
    )
    def test_years_turn_29_into_28_february(self, day, years, expected):
        assert years_ago(day, years) == ago(day, years, "years") == expected

    def test_days_and_weeks_are_counted(self):
        assert ago(date(2024, 3, 1), 1, "days") == date(2024, 2, 29)
        assert ago(date(2026, 1, 1), 2, "weeks") == date(2025, 12, 18)

    def test_ends_where_the_calendar_ends(self):
        assert ago(date(5, 1, 1), 9, "years") == ago(date(5, 1, 1), 36_525, "days") == date.min
        assert ahead(date(9999, 1, 1), 9, "years") == ahead(date(9999, 1, 1), 36_525, "days") == date.max

    def test_refuses_another_unit(self):
        with pytest.raises(ValueError, match="fortnights"):
            ago(date(2026, 1, 1), 1, "fortnights")


class TestAnniversary:
    def test_of_29_february_is_the_28th_in_other_years(self):
        assert anniversary(date(2024, 2, 29), 2025) == date(2025, 2, 28)
        assert anniversary(date(2024, 2, 29), 2028) == date(2028, 2, 29)

    def test_of_28_february_stays_in_leap_years(self):
        assert anniversary(date(2023, 2, 28), 2024) == date(2024, 2, 28)


class TestWindow:
    def test_is_cut_at_the_end_of_the_year(self):
        assert list(days_of_years(date(2025, 12, 20), date(2026, 1, 5))) == [
            (2025, (12, 20), (12, 31)),
            (2026, (1, 1), (1, 5)),
        ]

    @given(first=near_leap_days, length=st.integers(0, 366), day=near_leap_days)
    def test_holds_exactly_the_days_that_come_round_in_it(self, first, length, day):
        last = first + timedelta(days=length)
        windows = list(days_of_years(first, last))

        by_month_and_day = any(window.first <= (day.month, day.day) <= window.last for window in windows)
        in_its_year = [window.in_year(day.year) for window in windows]

        assert by_month_and_day == comes_round(day, first, last, yearless=True)
        assert any(begin <= day <= end for begin, end in in_its_year) == by_month_and_day
