"""What code does to segments stands in their history once; the admin and loaded files tell it in their own way."""

import pytest
from django.urls import reverse
from wagtail.log_actions import LogContext
from wagtail.models import ModelLogEntry

from tests.builders import person, segment
from tests.segments.editing import confirmed, segment_data
from wagtail_personalize.segments.code.loading import load
from wagtail_personalize.segments.journeys.models import Journey, Stage
from wagtail_personalize.segments.models import Segment, SegmentCategory

pytestmark = pytest.mark.django_db

SALES = {"all": [{"attribute": "department", "operator": "is", "value": "Sales"}]}


def entries(about=None):
    """(action, message) of all entries, oldest first, and forgets them."""
    rows = ModelLogEntry.objects.order_by("pk")
    if about is not None:
        rows = ModelLogEntry.objects.for_instance(about).order_by("pk")
    told = [(row.action.partition(".")[2], row.message) for row in rows]
    ModelLogEntry.objects.all().delete()
    return told


@pytest.fixture
def it():
    made = segment("IT")
    entries()
    return made


class TestSavingInCode:
    def test_of_a_new_segment_tells_how_it_reads(self):
        segment("IT")
        (entry,) = ModelLogEntry.objects.all()
        assert (entry.action, entry.user, entry.label) == ("wagtail.create", None, "IT")
        assert entry.data == {"rule": {"after": "Department is IT"}}

    def test_tells_who_did_it_when_somebody_is_at_work(self, it, django_user_model):
        ada = django_user_model.objects.create_user("ada")
        with LogContext(user=ada):
            it.name = "Technicians"
            it.save()
        assert ModelLogEntry.objects.get().user == ada

    def test_tells_the_difference_of_the_rule(self, it):
        it.rule = SALES
        it.save()
        assert entries(it) == [("change_segment", "Changed: Department is IT → Department is Sales")]

    def test_tells_all_that_changed_in_one_entry(self, it):
        it.name, it.slug, it.description, it.live = "Technicians", "tech", "Who repairs", False
        it.category = SegmentCategory.objects.create(name="Roles")
        it.save()
        (told,) = entries(it)
        for words in (
            "name from “IT” to “Technicians”",
            "category from “none” to “Roles”",
            "short name from “it” to “tech”",
            "description",
            "made a draft",
        ):
            assert words in told[1]

    def test_of_the_same_again_tells_nothing(self, it):
        it.save()
        Segment.objects.get(pk=it.pk).save()
        assert entries() == []

    def test_of_some_fields_tells_of_these_only(self, it):
        it.rule, it.name = SALES, "Technicians"
        it.save(update_fields=["name"])
        assert entries(it) == [("change_segment", "Changed: name from “IT” to “Technicians”")]

    def test_of_the_lists_tells_how_many_and_not_who(self, it):
        ada, ben = person(), person()
        it.always_include([ada, ben])
        it.always_include([ada])
        it.always_exclude([ada])
        it.let_rule_decide([ada, ben])
        data = list(ModelLogEntry.objects.order_by("pk").values_list("data", flat=True))
        assert data == [
            {"included": {"added": 2, "removed": 0}},
            {"included": {"added": 0, "removed": 1}, "excluded": {"added": 1, "removed": 0}},
            {"included": {"added": 0, "removed": 1}, "excluded": {"added": 0, "removed": 1}},
        ]

    def test_of_many_at_once_tells_of_each(self, it):
        made = Segment.objects.bulk_create([Segment(name=name, slug=name, rule=SALES) for name in ("a", "b")])
        assert [action for action, _message in entries()] == ["create", "create"]
        Segment.objects.filter(slug__in=["a", "b"]).update(description="x")
        Segment.objects.filter(slug__in=["a", "b"]).update(description="x")
        assert [message for _action, message in entries()] == ["Changed: description", "Changed: description"]
        Segment.objects.filter(slug__in=["a", "b"]).delete()
        assert [action for action, _message in entries()] == ["delete", "delete"]
        assert len(made) == 2

    def test_of_a_deletion_tells_once(self, it):
        it.delete()
        assert [action for action, _message in entries()] == ["delete"]

    def test_of_a_version_is_told_by_wagtail(self, it):
        it.rule = SALES
        it.save_revision().publish()
        it.unpublish()
        assert [action for action, _message in entries()] == ["publish", "unpublish"]

    def test_that_is_refused_tells_nothing(self, it):
        segment("Others", {"none": [{"operator": "in_segment", "value": "it"}]})
        entries()
        it.slug = "tech"
        with pytest.raises(Exception, match="short name cannot change"):
            it.save()
        assert entries() == []


class TestOtherWays:
    """Each tells what it did itself, and saving does not tell it again."""

    def test_a_loaded_file(self, it):
        load([{"name": "IT", "slug": "it", "rule": SALES}, {"name": "New", "slug": "new", "rule": SALES}])
        assert sorted(action for action, _message in entries()) == ["create", "edit"]

    def test_the_form_in_the_admin(self, client, boss, it):
        address = reverse("personalize_segments:edit", args=[it.pk])
        answer = confirmed(client, address, segment_data(boss, "IT", SALES, slug="it"))
        assert answer.status_code == 302
        actions = [action for action, _message in entries()]
        assert sorted(set(actions)) == sorted(actions)
        assert actions.count("change_segment") == 1

    def test_the_button_to_delete(self, client, boss, it):
        client.post(reverse("personalize_segments:delete", args=[it.pk]))
        assert [action for action, _message in entries()] == ["delete"]


class TestJourneys:
    def journey(self, **fields):
        made = Journey(name="Welcome", slug="welcome", hire_date="hired", **fields)
        made.stages = [Stage(name="Week 1", slug="week-1", from_day=0)]
        made.save()
        return made

    def test_in_code_are_told_once_when_made_changed_and_deleted(self):
        made = self.journey()
        assert [action for action, _message in entries(made)] == ["create"]
        made.save()
        assert entries() == []
        made.name = "Arriving"
        made.save()
        assert [action for action, _message in entries(made)] == ["edit"]
        made.delete()
        assert [action for action, _message in entries()] == ["delete"]

    def test_tell_the_segments_whose_meaning_changes(self):
        made = self.journey()
        fresh = segment("Fresh", {"all": [{"operator": "in_stage", "value": ["welcome/week-1"]}]})
        segment("Others")
        entries()
        stage = made.stages.get()
        stage.from_day = 3
        made.stages = [stage]
        made.save()
        assert [(row.action, row.label) for row in ModelLogEntry.objects.order_by("pk")] == [
            ("wagtail.edit", "Welcome"),
            ("wagtail_personalize.change_segment", "Fresh"),
        ]
        assert entries(fresh) == [("change_segment", "Changed: the stages of the journey “Welcome”")]

    def test_tell_no_segment_of_a_stage_that_is_only_called_otherwise(self):
        made = self.journey()
        segment("Fresh", {"all": [{"operator": "in_stage", "value": ["welcome/week-1"]}]})
        entries()
        stage = made.stages.get()
        stage.name = "The first week"
        made.stages = [stage]
        made.save()
        assert [action for action, _message in entries()] == ["edit"]
