"""What a condition on a number asks of a column, held against fractions: nothing is rounded on any kind of column."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db.models import DecimalField, FloatField, IntegerField
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.segments.reference import number_matches
from wagtail_personalize.segments.rules.kinds.number import held, interval
from wagtail_personalize.segments.rules.shapes import as_number

PRICE = DecimalField(max_digits=6, decimal_places=2)
LONG = DecimalField(max_digits=30, decimal_places=20)

operators = st.sampled_from(["is", "lt", "lte", "gt", "gte", "between"])
asked = st.one_of(
    st.integers(-20, 20),
    st.integers(-2000, 2000).map(lambda hundredths: hundredths / 100),
    st.decimals(-20, 20, places=3).map(str).filter(lambda text: as_number(text) is not None),
    st.sampled_from([10**15, -(10**15), 9999.99, -9999.99, "9999.990", "10000", "0.00"]),
)


def is_in(field, operator, asked_for, value):
    low, high = held(field, *interval(field, operator, asked_for))
    return (low is None or low <= value) and (high is None or value <= high)


def in_order(operator, one, other):
    return sorted([one, other], key=lambda number: Fraction(str(number))) if operator == "between" else one


class TestInterval:
    @given(operator=operators, one=asked, other=asked, value=st.integers(-25, 25))
    @settings(deadline=None)
    def test_of_whole_numbers_is_exact(self, operator, one, other, value):
        asked_for = in_order(operator, one, other)
        assert is_in(IntegerField(), operator, asked_for, value) == number_matches(operator, [value], asked_for)

    @given(operator=operators, one=asked, other=asked, value=st.decimals("-9999.99", "9999.99", places=2))
    @settings(deadline=None)
    def test_of_decimals_is_exact(self, operator, one, other, value):
        asked_for = in_order(operator, one, other)
        assert is_in(PRICE, operator, asked_for, value) == number_matches(operator, [value], asked_for)

    @given(operator=operators, one=asked, other=asked, value=st.floats(-30, 30))
    @settings(deadline=None)
    def test_of_floats_compares_with_the_float_that_is_meant(self, operator, one, other, value):
        asked_for = in_order(operator, one, other)
        ends = [float(end) for end in asked_for] if operator == "between" else float(asked_for)
        assert is_in(FloatField(), operator, asked_for, value) == number_matches(operator, [value], ends)

    @pytest.mark.parametrize(("operator", "expected"), [("is", False), ("lt", False), ("gt", True), ("gte", True)])
    def test_of_very_long_decimals_is_exact(self, operator, expected):
        one_step_more = Decimal("1000000000.12345678901234567891")
        assert is_in(LONG, operator, "1000000000.12345678901234567890", one_step_more) == expected
