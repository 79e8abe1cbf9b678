"""The quick answer about a block equals the slow one, for every stored form."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import audience, lose, segment
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audience_choice import AudienceChoice
from wagtail_personalize.targeting.blocks.verdicts import admits, is_for_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def segments():
    """Five segments; the last was deleted, the one before it is broken."""
    made = [segment(f"S{number}") for number in range(5)]
    Segment.objects.filter(pk=made[3].pk).update(broken="A department is gone.")
    lose(made[4])
    return made


moments = st.sampled_from([None, "", "2000-01-01", "2999-01-01T08:00", "soon", 7])
members = st.frozensets(st.integers(0, 2))
names = st.lists(st.integers(0, 5), max_size=3)
odd_forms = st.sampled_from(
    [None, {}, [], "", "all", 7, {"include": "x"}, {"include": [1]}, {"include": [[]]}, {"x": 1}]
)


class TestAdmits:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(mine=members, include=names, exclude=names, starts=moments, ends=moments, odd=odd_forms, drop=st.booleans())
    def test_answers_as_the_choice_itself(self, segments, mine, include, exclude, starts, ends, odd, drop):
        uuids = [*segments, "no uuid"]
        raw = audience([uuids[n] for n in include], [uuids[n] for n in exclude], starts, ends)
        if drop:
            del raw["exclude"], raw["starts"]
        viewer = Viewer.in_segments([segments[n] for n in mine])
        for stored in (raw, odd, raw, odd):
            slow = Viewer.in_segments([segments[n] for n in mine])
            assert admits(stored, viewer) is AudienceChoice.from_raw(stored).matches(slow)
            assert viewer.personalised or not slow.personalised

    def test_a_segment_that_breaks_is_noticed_by_the_next_viewer(self, segments):
        raw = audience([segments[0]])
        assert admits(raw, Viewer.in_segments([segments[0]]))
        lose(segments[0])
        assert not admits(raw, Viewer.in_segments([segments[0]]))

    def test_many_choices_cost_no_query(self, segments, django_assert_num_queries):
        viewer = Viewer.in_segments(segments[:1])
        admits(audience([segments[0]]), viewer)
        with django_assert_num_queries(0):
            for first in segments:
                for second in segments:
                    admits(audience([first], [second]), viewer)


class TestIsForAll:
    @pytest.mark.parametrize("raw", [None, {}, audience(), audience(starts="2000-01-01")])
    def test_is_true_when_everybody_sees_it_from_now_on(self, raw):
        assert is_for_all(raw)

    @pytest.mark.parametrize(
        "raw", ["x", [], audience(ends="2999-01-01"), audience(starts="2999-01-01"), audience(["x"])]
    )
    def test_is_false_otherwise(self, raw):
        assert not is_for_all(raw)
