"""A condition of a site's own, in fifteen lines, behaves like those of the package everywhere."""

import inspect
from pathlib import Path

import pytest
from django.test.utils import isolate_apps
from django.urls import reverse

from tests.builders import person, segment
from tests.intranet.conditions import HasCompleted
from tests.intranet.models import Completion, Training
from tests.segments.editing import editor_with, segment_data
from wagtail_personalize.segments.checking import check
from wagtail_personalize.segments.checks import check_segments
from wagtail_personalize.segments.conditions import ConditionType, Shape, answers_changed, register, watch
from wagtail_personalize.segments.effective import problems
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rules import conditions
from wagtail_personalize.segments.rules.conditions.registering import faults_of, faults_of_watches
from wagtail_personalize.segments.rules.sentence import sentence

pytestmark = pytest.mark.django_db

RULE = {"all": [{"operator": "has_completed", "value": ["safety"]}]}


@pytest.fixture
def safety():
    return Training.objects.create(code="safety", title="Safety at work")


@pytest.fixture
def safe(safety):
    return segment("Safe", RULE)


class TestMembers:
    def test_follow_when_somebody_completes_it(self, safety, safe):
        kim, lee = person(), person()
        Completion.objects.create(person=kim, training=safety)
        assert list(safe.people()) == [kim]
        assert lee not in safe.people()

    def test_follow_when_a_completion_is_taken_back(self, safety, safe):
        done = Completion.objects.create(person=person(), training=safety)
        done.delete()
        assert safe.size() == 0

    def test_follow_when_a_completion_is_given_to_somebody_else(self, safety, safe):
        kim, lee = person(), person()
        done = Completion.objects.create(person=kim, training=safety)
        done.person = lee
        done.save()
        assert list(safe.people()) == [lee]

    def test_follow_what_is_saved_as_a_proxy(self, safety, safe):
        with isolate_apps("tests.intranet"):

            class Repeated(Completion):
                class Meta:
                    proxy = True
                    app_label = "intranet"

        kim = person()
        done = Repeated.objects.create(person=kim, training=safety)
        assert list(safe.people()) == [kim]
        done.delete()
        assert safe.size() == 0

    def test_follow_in_segments_that_name_the_segment(self, safety, safe):
        others = segment("Others", {"none": [{"operator": "in_segment", "value": "safe"}]})
        kim = person()
        assert list(others.people()) == [kim]
        Completion.objects.create(person=kim, training=safety)
        assert others.size() == 0

    def test_follow_a_bulk_change_that_is_told(self, safety, safe):
        kim = person()
        Completion.objects.bulk_create([Completion(person=kim, training=safety)])
        assert safe.size() == 0
        answers_changed("has_completed", [kim.pk])
        assert list(safe.people()) == [kim]

    def test_are_right_under_none_of(self, safety):
        kim, lee = person(), person()
        Completion.objects.create(person=kim, training=safety)
        assert list(segment("Unsafe", {"none": [RULE]}).people()) == [lee]

    def test_are_what_the_check_computes(self, safety, safe):
        Completion.objects.create(person=person(), training=safety)
        assert not list(check())

    def test_keep_the_cause(self, safety, safe):
        Completion.objects.create(person=person(), training=safety)
        assert safe.memberships.get().cause == "profile"

    def test_cost_one_look_when_no_segment_asks(self, safety, django_assert_max_num_queries):
        kim = person()
        with django_assert_max_num_queries(7):
            Completion.objects.create(person=kim, training=safety)

    def test_leave_when_the_training_is_deleted_and_the_rule_is_broken(self, safety, safe):
        Completion.objects.create(person=person(), training=safety)
        safety.delete()
        safe.refresh_from_db()
        assert safe.size() == 0
        assert "does not exist" in safe.broken
        Training.objects.create(code="safety", title="Safety")
        safe.refresh_from_db()
        assert safe.broken == ""


class TestRule:
    def test_reads_as_a_sentence_with_labels(self, safety):
        assert sentence(RULE) == "Has completed Safety at work"
        unknown = {"all": [{"operator": "has_completed", "value": ["juggling"]}]}
        assert sentence(unknown) == "Has completed (does not exist: “juggling”)"

    def test_is_refused_when_it_names_what_is_not_offered(self, safety):
        assert problems(RULE) == []
        assert "“juggling”" in problems({"all": [{"operator": "has_completed", "value": ["juggling"]}]})[0].sentence
        assert problems({"all": [{"operator": "has_completed", "value": "safety"}]})

    def test_never_restricts_because_people_complete_things_themselves(self, safe):
        assert safe.self_chosen

    def test_looks_labels_up_once_for_many_rules(self, safety, django_assert_num_queries):
        from wagtail_personalize.segments.rules.sentence import sentences

        with django_assert_num_queries(1):
            sentences([RULE] * 20)


class TestRuleBuilder:
    def test_offers_the_condition_with_a_picker(self, client, safety):
        client.force_login(editor_with("add_segment", "view_members"))
        page = client.get(reverse("personalize_segments:add")).content.decode()
        assert "Has completed the training" in page
        assert "condition.has_completed" in page

    def test_finds_values_by_their_label(self, client, safety):
        client.force_login(editor_with("add_segment", "view_members"))
        answer = client.get(reverse("personalize_segments:values"), {"source": "condition.has_completed", "q": "WORK"})
        assert answer.json() == {"values": [{"value": "safety", "label": "Safety at work"}]}

    def test_has_no_source_for_what_offers_nothing(self, client):
        client.force_login(editor_with("add_segment", "view_members"))
        for name in ("condition.in_segment", "condition.nothing"):
            assert client.get(reverse("personalize_segments:values"), {"source": name}).status_code == 404

    def test_saves_the_rule(self, client, safety):
        editor = editor_with("add_segment", "change_segment", "publish_segment", "view_members")
        client.force_login(editor)
        data = segment_data(editor, "Safe", RULE) | {"action-publish": "action-publish"}
        client.post(reverse("personalize_segments:add"), data)
        assert Segment.objects.get().rule == RULE

    def test_hides_what_people_do_from_those_who_may_not_see_members(self, client, safety):
        client.force_login(editor_with("add_segment"))
        assert "condition_has_completed" not in client.get(reverse("personalize_segments:add")).content.decode()


class _Numbered(ConditionType):
    operator, label, phrase, shape = "numbered", "has a number", "has number %(value)s", Shape.NUMBER_RANGE

    def q(self, condition, compiler):
        raise NotImplementedError


class TestEveryShape:
    @pytest.mark.parametrize(
        ("shape", "condition", "reads"),
        [
            (Shape.NONE, {}, "N"),
            (Shape.TEXT, {"value": "a"}, "N “a”"),
            (Shape.NUMBER, {"value": 7}, "N 7"),
            (Shape.NUMBER_RANGE, {"value": [1, 2]}, "N 1 and 2"),
            (Shape.DATE, {"value": "2026-05-31"}, "N May 31, 2026"),
            (Shape.AMOUNT, {"value": 3, "unit": "days"}, "N 3 days"),
            (Shape.BOOLEAN, {"value": True}, "N yes"),
        ],
    )
    def test_has_an_input_and_a_wording(self, shape, condition, reads):
        from wagtail_personalize.segments.admin.builder.subjects import all_subjects

        phrase = "N" if shape == Shape.NONE else "N %(value)s"
        fields = {"operator": f"own_{shape}", "shape": shape, "phrase": phrase}
        own = type("Own", (_Numbered,), fields)
        register(own)
        try:
            assert f"condition_own_{shape}" in all_subjects()
            assert sentence({"all": [{"operator": own.operator, **condition}]}) == reads
        finally:
            del conditions._types[own.operator]


class TestWrongRegistration:
    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"operator": ""}, "needs an operator"),
            ({"operator": "in_segment"}, "which InSegment has already"),
            ({"label": ""}, "has no label"),
            ({"phrase": ""}, "has no phrase"),
            ({"phrase": "%(nothing)s"}, "has no phrase"),
            ({"shape": "circle"}, "unknown shape 'circle'"),
            ({"shape": Shape.CHOICE}, "nothing to choose from"),
        ],
    )
    def test_is_told_in_a_sentence(self, changes, says):
        wrong = type("Wrong", (_Numbered,), changes)
        assert any(says in sentence for sentence in faults_of(wrong, conditions.all_types()))

    def test_of_a_class_without_a_meaning(self):
        wrong = type("Empty", (ConditionType,), {"operator": "empty", "label": "e", "phrase": "e"})
        assert "Write its method q()" in next(iter(faults_of(wrong, {})))

    def test_of_something_else(self):
        assert "no subclass of ConditionType" in next(iter(faults_of(str, {})))

    @pytest.mark.parametrize(
        ("watched", "says"),
        [
            (watch("intranet.Nothing", person="person"), "there is no such model"),
            (watch("nonsense"), "there is no such model"),
            (watch("intranet.Completion", person="owner"), "leads nowhere"),
            (watch("intranet.Completion", person="training"), "must lead to the user"),
            ("intranet.Completion", "Write watch("),
        ],
    )
    def test_of_what_is_watched(self, watched, says):
        wrong = type("Wrong", (_Numbered,), {"watches": [watched]})()
        assert says in next(iter(faults_of_watches(wrong)))

    def test_is_a_system_check(self, monkeypatch):
        assert "personalize_segments.E006" not in {found.id for found in check_segments(None)}
        monkeypatch.setattr(conditions, "refused", [])
        register(type("Wrong", (_Numbered,), {"operator": "in_segment"}))
        assert [found.id for found in check_segments(None)] == ["personalize_segments.E006"]
        assert type(conditions.get("in_segment")).__name__ == "InSegment"


class TestDocumentation:
    def test_shows_the_example_as_it_is_tested_in_fifteen_lines(self):
        page = (Path(__file__).parents[2] / "docs" / "how-to" / "own-conditions.md").read_text()
        code = inspect.getsource(inspect.getmodule(HasCompleted)).split('"""', 2)[2].strip()
        assert code in page
        assert sum(1 for line in code.splitlines() if line.strip()) <= 17
        assert len([line for line in inspect.getsource(HasCompleted).splitlines() if line.strip()]) <= 15
