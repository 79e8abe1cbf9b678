"""From a segment to its people: manual lists, segments in segments, and what breaks a rule."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from tests.builders import person, user
from tests.intranet.models import Office, Skill, Staff, Unit
from tests.segments import declared
from wagtail_personalize.segments.effective import effective_q, effective_qs, people_in_rule, problems
from wagtail_personalize.segments.models import ManualMember, Segment
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.rules.compile import BrokenRule, rule_q

pytestmark = pytest.mark.django_db

EVERYBODY = {"none": [{"attribute": "department", "operator": "is", "value": "Nowhere"}]}


def is_in(department):
    return {"attribute": "department", "operator": "is", "value": department}


def in_segment(slug):
    return {"operator": "in_segment", "value": slug}


def segment(slug, *conditions, kind="all"):
    return stored({slug: {kind: list(conditions)}})[0]


def stored(rules):
    """Segments by short name, without being refreshed: only their definitions are of interest here."""
    segments = [Segment(name=slug, slug=slug, rule=rule) for slug, rule in rules.items()]
    QuerySet(Segment).bulk_create(segments)
    return list(Segment.objects.filter(slug__in=rules).order_by("pk"))


def members(one, today=None):
    return {profile.user.username for profile in Staff.objects.filter(effective_q(one, today))}


def always(one, someone, how):
    QuerySet(ManualMember).bulk_create([ManualMember(segment=one, person=someone, always=how)])


def said(rule):
    with pytest.raises(BrokenRule) as broken:
        rule_q(rule)
    return broken.value.sentence


class TestEffectiveQ:
    def test_is_who_the_rule_matches(self):
        person("ada", department="IT")
        person("bob", department="Sales")

        assert members(segment("it", is_in("IT"))) == {"ada"}

    def test_leaves_out_who_left(self):
        person("ada", department="IT", active=False)

        assert members(segment("it", is_in("IT"))) == set()
        assert members(segment("not-sales", is_in("Sales"), kind="none")) == set()

    def test_leaves_out_who_has_no_profile(self):
        user("root")

        assert members(Segment(name="all", slug="all", rule=EVERYBODY)) == set()

    def test_exclude_beats_include_beats_rule(self):
        it = segment("it", is_in("IT"))
        always(it, person("ada", department="IT"), "exclude")
        always(it, person("bob", department="Sales"), "include")
        always(it, person("cid", department="Sales", active=False), "include")
        person("dan", department="IT")

        assert members(it) == {"bob", "dan"}

    def test_takes_the_rule_of_an_unsaved_segment(self):
        person("ada", department="IT")
        it = segment("it", is_in("Sales"))
        it.rule = {"all": [is_in("IT")]}

        assert members(it) == {"ada"}

    def test_counts_from_the_day_it_is_asked_for(self):
        person("ada", hired=date(2026, 1, 1))
        new = segment("new", {"attribute": "hired", "operator": "in_the_last", "value": 1, "unit": "months"})

        assert members(new, date(2026, 2, 1)) == {"ada"}
        assert members(new, date(2026, 2, 2)) == set()

    def test_counts_from_today_by_default(self, time_machine):
        time_machine.move_to("2026-02-01T23:30:00+00:00")  # the second of February in Berlin
        person("ada", hired=date(2026, 1, 1))
        new = segment("new", {"attribute": "hired", "operator": "in_the_last", "value": 1, "unit": "months"})

        assert members(new) == set()


class TestSegmentInSegment:
    def test_brings_its_manual_lists_along(self):
        it = segment("it", is_in("IT"))
        always(it, person("ada", department="IT"), "exclude")
        always(it, person("bob", department="Sales"), "include")
        person("cid", department="Law")

        assert members(segment("also-it", in_segment("it"))) == {"bob"}
        assert members(segment("not-it", in_segment("it"), kind="none")) == {"ada", "cid"}

    @pytest.mark.parametrize("kind", ["all", "any", "none"])
    def test_that_does_not_exist_breaks_the_rule(self, kind):
        assert "“it”, which does not exist" in said({kind: [is_in("IT"), in_segment("it")]})

    @pytest.mark.parametrize("operator", ["in_segment", "not_in_segment"])
    def test_that_is_broken_breaks_the_rule(self, operator):
        segment("it", {"attribute": "shoe_size", "operator": "is", "value": "9"})

        assert "“it”, which is broken" in said({"none": [{"operator": operator, "value": "it"}]})

    def test_is_named_exactly(self):
        segment("it", is_in("IT"))

        assert "does not exist" in said({"all": [in_segment("IT")]})

    def test_may_be_named_twice(self):
        person("ada", department="IT")
        segment("it", is_in("IT"))
        segment("one", in_segment("it"))
        segment("two", in_segment("it"))

        assert members(segment("both", in_segment("one"), in_segment("two"))) == {"ada"}

    def test_in_a_circle_is_broken_and_so_is_what_names_it(self):
        one, two = segment("one", in_segment("two")), segment("two", in_segment("three"))
        three, it = segment("three", in_segment("one"), is_in("IT")), segment("it", is_in("IT"))
        outside = segment("outside", in_segment("one"))

        found = effective_qs([one, two, three, it, outside])

        assert {slug for slug, outcome in found.items() if isinstance(outcome, BrokenRule)} == {
            "one", "two", "three", "outside",
        }  # fmt: skip

    def test_that_names_itself_is_broken(self):
        with pytest.raises(BrokenRule, match="circle"):
            effective_q(segment("me", in_segment("me")))

    def test_counts_conditions_in_all(self):
        segment("forty", *[is_in("IT")] * 49)
        fits = {"all": [*[in_segment("forty")] * 4]}

        assert rule_q(fits)
        assert "200 conditions in all" in said({"all": [*fits["all"], is_in("IT")]})

    def test_is_refused_at_once_when_names_double_at_each_step(self):
        rules = {f"s{step}": {"all": [in_segment(f"s{step - 1}")] * 2} for step in range(1, 60)}
        stored({"s0": {"all": [is_in("IT")]}} | rules)

        assert "broken" in said({"all": [in_segment("s59")]})

    def test_may_name_another_many_times_in_a_row(self):
        person("ada", department="IT")
        rules = {"s0": {"all": [is_in("IT")]}}
        rules |= {f"s{step}": {"all": [in_segment(f"s{step - 1}")]} for step in range(1, 150)}
        stored(rules)

        assert members(Segment.objects.get(slug="s149")) == {"ada"}

    @pytest.mark.parametrize(
        "leaf",
        [
            {"attribute": "roles", "operator": "is_empty"},
            {"attribute": "department", "operator": "is_not", "value": "IT"},
        ],
    )
    @pytest.mark.parametrize("kinds", [("none", "any"), ("any", "all"), ("none", "all")])
    def test_may_be_nested_until_it_is_refused(self, leaf, kinds, settings):
        """Everything that is not refused runs, on a database with a small stack too."""
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": declared.NAME}
        rules = {"s0": {"all": [leaf]}}
        for step in range(1, 25):
            part = in_segment(f"s{step - 1}")
            for kind in kinds * 2:
                part = {kind: [leaf, part]}
            rules[f"s{step}"] = {"all": [part, leaf]}
        included, excluded = person(), user()
        for one in stored(rules):
            always(one, included, "include")
            always(one, excluded, "exclude")

        found = effective_qs(Segment.objects.all())
        fit = [one for one in Segment.objects.all() if isinstance(found[one.slug], Q)]
        refresh(fit)

        assert 3 < len(fit) < 25
        assert set(fit[-1].memberships.values_list("person__staff", flat=True)) == {
            profile.pk for profile in Staff.objects.filter(found[fit[-1].slug])
        }


class TestBrokenNames:
    @pytest.mark.parametrize(
        "condition",
        [
            {"attribute": "office", "operator": "is", "value": "MUC"},
            {"attribute": "office", "operator": "is_none_of", "value": ["muc"]},
            {"attribute": "unit", "operator": "is_not_under", "value": ["it"]},
            {"attribute": "skills", "operator": "has_none", "value": ["Python"]},
            {"operator": "not_in_group", "value": "Nobody"},
            {"operator": "reports_to", "value": "ada"},
            {"operator": "reports_to", "value": 10**14},
        ],
    )
    @pytest.mark.parametrize("kind", ["all", "any", "none"])
    def test_break_the_rule_wherever_they_stand(self, condition, kind):
        Office.objects.create(code="Muc", city="München")
        Unit.objects.create(code="IT", name="IT")
        Skill.objects.create(name="python")

        assert "does not exist" in said({kind: [is_in("IT"), condition]})

    def test_mend_when_the_name_comes_back(self):
        rule = {"all": [{"attribute": "office", "operator": "is", "value": "MUC"}]}
        said(rule)
        Office.objects.create(code="MUC", city="München")

        assert rule_q(rule)

    def test_a_person_may_be_named_by_staff_number_login_or_key(self):
        boss = person("ada", staff_number="007")
        person("bob", manager=boss.staff)

        for name in ("007", "ada", str(boss.pk)):
            assert people_in_rule({"all": [{"operator": "reports_to", "value": name}]}).count() == 1

    def test_a_staff_number_goes_before_a_login(self):
        boss = person("ada", staff_number="7")
        person("7", staff_number="ada", manager=boss.staff)

        assert people_in_rule({"all": [{"operator": "reports_to", "value": "7"}]}).count() == 1

    def test_a_site_without_managers_has_no_reporting_line(self, settings):
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": "tests.segments.declared.NoManager"}
        person("ada")

        assert "no manager" in said({"all": [{"operator": "reports_to", "value": "ada"}]})

    def test_a_site_without_profiles_has_no_rules(self, settings):
        settings.WAGTAIL_PERSONALIZE = {}
        one = segment("it", is_in("IT"))

        assert "has not declared" in said({"all": [is_in("IT")]})
        assert isinstance(effective_qs([one])["it"], BrokenRule)

    @pytest.mark.parametrize("name", ["gone", "wrong_number", "wrong_date", "wrong_text", "wrong_link", "wrong_yes"])
    def test_a_wrong_declaration_breaks_the_rule(self, name, settings):
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": "tests.segments.declared.WrongProfile"}

        assert name in said({"none": [{"attribute": name, "operator": "is_set"}]})


class TestProblems:
    def test_of_a_good_rule_are_none(self):
        assert problems({"all": [is_in("IT")]}, "it") == []

    def test_say_what_the_form_lacks(self):
        assert "no condition" in problems({"all": []})[0].sentence

    def test_say_what_does_not_exist(self):
        assert "“MUC”" in problems({"all": [{"attribute": "office", "operator": "is", "value": "MUC"}]})[0].sentence

    def test_find_the_circle_that_saving_would_close(self):
        segment("it", is_in("IT"))
        segment("web", in_segment("it"))

        assert "circle" in problems({"all": [in_segment("web")]}, "it")[0].sentence
        assert problems({"all": [in_segment("web")]}, "other") == []


class TestQueries:
    def rules(self):
        link = {"attribute": "office", "operator": "is_one_of", "value": ["O1", "O2"]}
        tree = {"attribute": "unit", "operator": "is_under", "value": ["U1", "U2"]}
        many = {"attribute": "skills", "operator": "has_all", "value": ["S1", "S2"]}
        return [is_in("IT"), link, tree, many, {"operator": "in_group", "value": "G1"}]

    @pytest.fixture(autouse=True)
    def names(self):
        for number in (1, 2):
            Office.objects.create(code=f"O{number}", city="?")
            Unit.objects.create(code=f"U{number}", name="?")
            Skill.objects.create(name=f"S{number}")
            Group.objects.create(name=f"G{number}")

    def test_are_one_for_each_kind_of_name(self, django_assert_num_queries):
        with django_assert_num_queries(4):
            rule_q({"all": self.rules() * 5})

    def test_do_not_grow_with_the_number_of_segments(self, django_assert_num_queries):
        def compiled(number):
            segments = [segment(f"{number}-{n}", *self.rules(), in_segment(f"{number}-0")) for n in range(1, number)]
            segments.append(segment(f"{number}-0", is_in("Law")))
            with CaptureQueriesContext(connection) as queries:
                assert not any(isinstance(q, BrokenRule) for q in effective_qs(segments).values())
            return len(queries)

        assert compiled(3) == compiled(30) == 5

    def test_one_question_is_one_query(self, django_assert_num_queries):
        q = rule_q({"all": self.rules()})
        with django_assert_num_queries(1):
            Staff.objects.filter(q).count()
