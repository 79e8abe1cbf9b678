"""Clauses, interned audiences, and the choice of a block."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from tests.builders import audience, person, segment, user
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import (
    AudienceChoice,
    Clause,
    audience_index,
    clauses_of,
    intern,
    intern_all,
    passes,
    recommended_audience_ids,
    refuse_restriction,
    visible_audience_ids,
)
from wagtail_personalize.targeting.models import Audience

from .restricting import seen_by

A, B, C = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abc")


def clause(include="", exclude=""):
    return Clause(frozenset(include.split()), frozenset(exclude.split()))


@pytest.mark.django_db
class TestIntern:
    def test_gives_one_audience_however_a_choice_is_written(self):
        first = intern([Clause.of([A, B], [C]), Clause.of([C])])
        again = intern([Clause.of([C.upper()]), Clause.of([B, A, B], [C]), Clause.of([C]), Clause()])
        assert first == again

    def test_tells_apart_including_and_excluding(self):
        assert intern([clause(A)]) != intern([clause("", A)])
        assert intern([clause(f"{A} {B}")]) != intern([clause(A), clause(B)])

    def test_gives_back_what_was_interned(self):
        clauses = frozenset({clause(f"{A} {B}", C), clause("", B)})
        assert clauses_of(intern(clauses)) == clauses

    def test_refuses_an_audience_of_everyone(self):
        with pytest.raises(ValueError, match="at least one clause"):
            intern([Clause()])

    def test_announces_only_what_is_new(self):
        intern([clause(A)])
        version = versions.number_of(versions.AUDIENCES)
        intern([clause(A)])
        assert versions.number_of(versions.AUDIENCES) == version
        intern([clause(B)])
        assert versions.number_of(versions.AUDIENCES) > version

    @pytest.mark.parametrize("number", [1, 100])
    def test_needs_as_many_queries_for_one_as_for_many(self, django_assert_max_num_queries, number):
        intern([clause(C)])
        sets = {frozenset({clause(f"{n:08x}-0000-4000-8000-000000000000")}) for n in range(number)}
        with django_assert_max_num_queries(8):
            assert len(intern_all(sets)) == number


@pytest.mark.django_db(transaction=True)
class TestInternAtOnce:
    @pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
    @pytest.mark.parametrize("again", range(3))
    def test_gives_all_processes_the_same_row(self, again):
        start, found = Barrier(4), []

        def work(number):
            start.wait()
            found.append(intern([clause(A)]).pk)
            found.append(intern([clause(f"{A} {B}")]).pk)
            connections.close_all()

        threads = [Thread(target=work, args=[number]) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(found), len(set(found)), Audience.objects.count()) == (8, 2, 2)


@pytest.mark.django_db
class TestPassing:
    @pytest.fixture
    def finance(self):
        return segment("Finance")

    @pytest.fixture
    def managers(self):
        return segment("Managers", {"all": [{"attribute": "level", "operator": "gte", "value": 5}]})

    def test_any_included_segment_is_enough(self, finance, managers):
        both = [Clause.of([finance, managers])]
        assert passes(both, seen_by(person(department="Finance")))
        assert passes(both, seen_by(person(level=7)))
        assert not passes(both, seen_by(person(level=4)))

    def test_exclude_beats_include(self, finance, managers):
        assert not passes([Clause.of([finance], [managers])], seen_by(person(department="Finance", level=7)))

    def test_nothing_included_means_everyone(self, finance):
        assert passes([Clause.of([], [finance])], seen_by(person()))
        assert passes([Clause()], seen_by())

    def test_every_clause_must_hold(self, finance, managers):
        clauses = [Clause.of([finance]), Clause.of([managers])]
        assert not passes(clauses, seen_by(person(department="Finance")))
        assert passes(clauses, seen_by(person(department="Finance", level=7)))

    def test_a_previewed_combination_passes_as_a_person_would(self, finance, managers):
        assert passes([Clause.of([finance], [managers])], Viewer.in_segments([finance]))
        assert not passes([Clause.of([finance], [managers])], Viewer.in_segments([finance, managers]))

    @pytest.mark.parametrize("place", ["include", "exclude"])
    def test_an_unknown_segment_lets_nobody_pass(self, finance, place):
        member, other = seen_by(person(department="Finance")), seen_by(person())
        clause = Clause.of([finance, A]) if place == "include" else Clause.of([], [A])
        assert not passes([clause], member)
        assert not passes([clause], other)

    @pytest.mark.parametrize("place", ["include", "exclude"])
    def test_a_broken_segment_lets_nobody_pass(self, finance, managers, place):
        clause = Clause.of([finance, managers]) if place == "include" else Clause.of([finance], [managers])
        someone = person(department="Finance")
        assert passes([clause], seen_by(someone))
        Segment.objects.filter(pk=managers.pk).update(broken="Level is gone.")
        versions.grow(versions.SEGMENTS)
        assert not passes([clause], seen_by(someone))


@pytest.mark.django_db
class TestVisibleAudiences:
    def test_are_those_that_the_viewer_passes(self):
        finance = segment("Finance")
        mine, others = intern([Clause.of([finance])]), intern([Clause.of([], [finance])])
        assert visible_audience_ids(seen_by(person(department="Finance"))) == {mine.pk}
        assert visible_audience_ids(seen_by(user())) == {others.pk}

    def test_are_none_for_somebody_we_do_not_know(self):
        finance = segment("Finance")
        only_excludes = intern([Clause.of([], [finance])])
        assert visible_audience_ids(seen_by()) == frozenset()
        assert recommended_audience_ids(seen_by()) == {only_excludes.pk}

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_cost_one_query_when_the_process_knows_the_audiences(self, django_assert_num_queries, number):
        finance = segment("Finance")
        Segment.objects.bulk_create(Segment(name=f"S{n}", slug=f"s{n}", rule=finance.rule) for n in range(number))
        versions.grow(versions.SEGMENTS)
        intern_all({frozenset({Clause.of([s], [finance])}) for s in Segment.objects.exclude(pk=finance.pk)})
        someone = person(department="Finance")
        visible_audience_ids(seen_by(someone))
        with django_assert_num_queries(1):
            assert visible_audience_ids(seen_by(someone)) == frozenset()

    def test_follow_a_new_audience_at_once(self):
        finance = segment("Finance")
        someone = person(department="Finance")
        assert audience_index(seen_by(someone)).needs == {}
        new = intern([Clause.of([finance])])
        assert visible_audience_ids(seen_by(someone)) == {new.pk}


@pytest.mark.django_db
class TestSelfChosen:
    def test_never_restricts_and_says_why(self):
        loud = segment("Loud", {"all": [{"attribute": "motto", "operator": "contains", "value": "!"}]})
        within = segment("Within", {"all": [{"operator": "in_segment", "value": loud.slug}]})
        finance = segment("Finance")
        sentences = refuse_restriction([loud, finance, within])
        assert len(sentences) == 2
        assert "Loud" in sentences[0]
        assert "Within" in sentences[1]


class TestChoice:
    @pytest.mark.parametrize("raw", [None, {}, {"include": [], "exclude": [], "starts": None, "ends": ""}])
    def test_of_nothing_is_everyone(self, raw):
        choice = AudienceChoice.from_raw(raw)
        assert choice.is_everyone
        assert choice.to_raw() is None
        assert choice.matches(Viewer.anonymous())

    @pytest.mark.parametrize(
        "raw",
        [
            "everyone",
            7,
            [A],
            False,
            {"include": "all"},
            {"include": ["finance"]},
            {"include": [None]},
            {"exclude": {A: 1}},
            {"starts": "soon"},
            {"ends": 7},
            {"starts": "2026-13-01"},
            {"ends": "9999-12-31"},
            {"starts": "0001-01-01T00:00"},
            {"ends": "9999-01-01T00:00+01:00"},
        ],
    )
    def test_that_cannot_be_read_is_nobody(self, raw):
        choice = AudienceChoice.from_raw(raw)
        assert not choice.is_everyone
        assert not choice.matches(Viewer.anonymous())

    def test_survives_being_stored(self):
        raw = {"include": [A, B], "exclude": [C], "starts": "2026-11-21T08:00:00+01:00", "ends": None}
        assert AudienceChoice.from_raw(raw).to_raw() == raw

    def test_counts_in_the_time_zone_of_the_site(self):
        choice = AudienceChoice.from_raw({"starts": "2026-06-01T08:00", "ends": "2026-06-01T09:00"})
        assert [choice.is_running(datetime(2026, 6, 1, 6, minute, tzinfo=UTC)) for minute in (0, 59)] == [True, True]
        assert not choice.is_running(datetime(2026, 6, 1, 5, 59, tzinfo=UTC))
        assert not choice.is_running(datetime(2026, 6, 1, 7, 0, tzinfo=UTC))

    def test_ends_with_the_day_when_only_a_day_is_given(self):
        choice = AudienceChoice.from_raw({"ends": "2026-06-01"})
        assert choice.is_running(datetime(2026, 6, 1, 21, 59, tzinfo=UTC))
        assert not choice.is_running(datetime(2026, 6, 1, 22, 0, tzinfo=UTC))

    @pytest.mark.parametrize("local", ["2026-03-29T02:30", "2026-10-25T02:30"])
    def test_takes_times_that_summer_time_skips_or_repeats(self, local):
        assert AudienceChoice.from_raw({"starts": local}).is_running(datetime(2026, 12, 1, tzinfo=UTC))

    @pytest.mark.django_db
    def test_marks_the_viewer_only_when_it_matters_who_looks(self):
        finance = segment("Finance")
        viewer = seen_by(person(department="Finance"))
        assert AudienceChoice.from_raw({"ends": "2999-01-01"}).matches(viewer)
        assert not viewer.personalised
        assert AudienceChoice.from_raw(audience([finance])).matches(viewer)
        assert viewer.personalised
