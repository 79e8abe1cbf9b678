import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from tests import builders
from tests.intranet.models import Staff
from wagtail_personalize.hookspecs import segment_changed
from wagtail_personalize.segments import comparing, usage, versions
from wagtail_personalize.segments.effective import effective_q
from wagtail_personalize.segments.models import ManualMember, Membership, PastMembership, Segment
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.usage import SegmentInUse, Usage, where_used

pytestmark = pytest.mark.django_db


def department(name):
    return {"attribute": "department", "operator": "is", "value": name}


def in_segment(slug):
    return {"operator": "in_segment", "value": slug}


def names(segment):
    return sorted(person.username for person in segment.people())


@pytest.fixture
def restricting():
    """Somewhere above, a page is restricted to the segment "restricting"."""

    def provider(segment):
        if segment.slug == "restricting":
            yield Usage("Page", "Salaries", restricts=True)

    usage.register_usage(provider)
    yield
    usage._providers.remove(provider)


@pytest.fixture
def heard():
    """What ``segment_changed`` told."""
    told = []

    def receiver(segment_uuid, deleted, **kwargs):
        told.append((segment_uuid, deleted))

    segment_changed.connect(receiver)
    yield told
    segment_changed.disconnect(receiver)


class TestSaving:
    def test_fills_the_segment(self):
        builders.person("ada", department="IT")
        builders.person("bob", department="IT", active=False)
        builders.user("eve")
        segment = builders.segment("IT")
        assert names(segment) == ["ada"]
        assert segment.size() == 1

    def test_works_out_what_the_rule_depends_on(self):
        segment = builders.segment(
            "New",
            {
                "all": [
                    {"attribute": "hired", "operator": "in_the_last", "value": 90, "unit": "days"},
                    {"attribute": "motto", "operator": "is_set"},
                ]
            },
        )
        assert segment.mentions == ["hired", "motto"]
        assert segment.depends_on_date
        assert segment.self_chosen
        assert segment.broken == ""

    def test_depends_on_what_a_named_segment_depends_on(self):
        builders.segment("Motto", {"all": [{"attribute": "motto", "operator": "is_set"}]})
        segment = builders.segment("Both", {"all": [department("IT"), in_segment("motto")]})
        assert segment.mentions == ["department", "motto"]
        assert segment.self_chosen

    def test_of_a_rule_moves_the_segments_that_name_it(self):
        builders.person("ada", department="IT")
        builders.person("bob", department="HR")
        inner = builders.segment("Inner", {"all": [department("IT")]})
        outer = builders.segment("Outer", {"none": [in_segment("inner")]})
        outermost = builders.segment("Outermost", {"all": [in_segment("outer")]})
        inner.rule = {"all": [department("HR")]}
        inner.save()
        assert (names(inner), names(outer), names(outermost)) == (["bob"], ["ada"], ["ada"])

    def test_mends_a_segment_that_named_it_before_it_existed(self):
        builders.person("ada", department="IT")
        outer = builders.segment("Outer", {"all": [in_segment("it")]})
        assert outer.broken
        builders.segment("IT")
        outer.refresh_from_db()
        assert outer.broken == ""
        assert names(outer) == ["ada"]

    def test_of_a_rule_without_meaning_empties_the_segment(self):
        builders.person("ada", department="IT")
        segment = builders.segment("IT")
        segment.rule = {"none": [{"attribute": "shoe_size", "operator": "is", "value": 44}]}
        segment.save()
        assert segment.broken
        assert segment.size() == 0
        assert not Segment.objects.usable().exists()

    def test_of_some_fields_does_not_touch_memberships(self):
        builders.person("ada", department="IT")
        segment = builders.segment("IT")
        segment.memberships.all()._raw_delete("default")
        segment.description = "People who keep the lights on."
        segment.save(update_fields=["description"])
        assert segment.size() == 0

    def test_tells_everybody(self, heard):
        before = versions.number_of(versions.SEGMENTS)
        segment = builders.segment("IT")
        assert heard == [(segment.uuid, False)]
        assert versions.number_of(versions.SEGMENTS) > before

    def test_costs_the_same_whatever_the_number_of_people(self, django_assert_max_num_queries):
        builders.person(department="IT")
        with django_assert_max_num_queries(30):
            builders.segment("One", {"all": [department("IT")]})
        for _ in range(50):
            builders.person(department="IT")
        with django_assert_max_num_queries(30):
            segment = builders.segment("Many", {"all": [department("IT")]})
        assert segment.size() == 51


class TestCleaning:
    def test_refuses_a_rule_without_meaning(self):
        segment = Segment(name="Nobody", slug="nobody", rule={"all": []})
        with pytest.raises(ValidationError, match="no condition"):
            segment.full_clean()

    def test_refuses_a_circle(self):
        builders.segment("One", {"all": [department("IT")]})
        two = builders.segment("Two", {"all": [in_segment("one")]})
        one = Segment.objects.get(slug="one")
        one.rule = {"any": [department("IT"), in_segment(two.slug)]}
        with pytest.raises(ValidationError, match="circle"):
            one.full_clean()

    def test_accepts_a_rule_that_means_something(self):
        Segment(name="IT", slug="it", rule={"all": [department("IT")]}).full_clean()


class TestRenaming:
    def test_is_refused_while_others_name_the_short_name(self):
        inner = builders.segment("IT")
        builders.segment("Outer", {"all": [in_segment("it")]})
        inner.slug = "informatics"
        with pytest.raises(ValidationError, match="Outer"):
            inner.full_clean()
        with pytest.raises(SegmentInUse, match="Outer"):
            inner.save()
        assert Segment.objects.filter(slug="it").exists()

    def test_is_free_otherwise(self):
        segment = builders.segment("IT")
        segment.slug = "informatics"
        segment.save()
        assert Segment.objects.get().slug == "informatics"


class TestDeleting:
    def test_takes_memberships_and_lists_along(self, heard):
        ada = builders.person("ada", department="IT")
        segment = builders.segment("IT")
        segment.always_include([ada])
        heard.clear()
        segment.delete()
        assert not Segment.objects.exists()
        assert not ManualMember.objects.exists()
        assert heard == [(segment.uuid, True)]

    @pytest.mark.parametrize("delete", [lambda s: s.delete(), lambda s: Segment.objects.filter(pk=s.pk).delete()])
    def test_is_refused_while_another_segment_names_it(self, delete):
        inner = builders.segment("IT")
        builders.segment("Outer", {"all": [in_segment("it")]})
        with pytest.raises(SegmentInUse, match="Outer"):
            delete(inner)
        assert Segment.objects.count() == 2

    def test_is_refused_while_something_above_uses_it(self, restricting):
        segment = builders.segment("Restricting")
        assert [str(place) for place in where_used(segment)] == ["Page: Salaries"]
        with pytest.raises(SegmentInUse, match="Salaries"):
            segment.delete()

    def test_of_segments_that_name_each_other_goes_together(self):
        builders.segment("IT")
        builders.segment("Outer", {"all": [in_segment("it")]})
        Segment.objects.all().delete()
        assert not Segment.objects.exists()


class TestSelfChosen:
    SELF = {"all": [{"attribute": "motto", "operator": "is_set"}]}

    def test_is_refused_for_a_segment_that_restricts(self, restricting):
        segment = builders.segment("Restricting", {"all": [department("IT")]})
        segment.rule = self.SELF
        with pytest.raises(ValidationError, match="Salaries"):
            segment.full_clean()
        with pytest.raises(ValidationError, match="Salaries"):
            segment.save()
        segment.refresh_from_db()
        assert segment.rule == {"all": [department("IT")]}
        assert not segment.self_chosen

    def test_is_refused_by_way_of_a_named_segment(self, restricting):
        inner = builders.segment("Inner", {"all": [department("IT")]})
        builders.segment("Restricting", {"all": [in_segment("inner")]})
        inner.rule = self.SELF
        with pytest.raises(ValidationError, match="Salaries"):
            inner.save()

    def test_is_free_otherwise(self, restricting):
        assert builders.segment("Mottos", self.SELF).self_chosen

    @pytest.mark.usefixtures("restricting")
    def test_is_noted_after_a_change_in_bulk_that_nobody_could_refuse(self):
        segment, above = (
            builders.segment("restricting"),
            builders.segment("Above", {"all": [in_segment("restricting")]}),
        )
        before = versions.number_of(versions.SEGMENTS)
        QuerySet(Segment).filter(pk=segment.pk).update(rule=self.SELF)
        refresh()
        assert set(Segment.objects.filter(self_chosen=True)) == {segment, above}
        assert versions.number_of(versions.SEGMENTS) > before


class TestUpdating:
    """Many at once, as one would be saved."""

    def test_moves_people(self):
        ada = builders.person("ada", department="IT")
        it = builders.segment("HR")
        Segment.objects.filter(pk=it.pk).update(rule={"all": [department("IT")]})
        assert list(it.people()) == [ada]

    def test_refuses_a_draft_that_something_names(self):
        builders.segment("IT")
        builders.segment("Above", {"all": [in_segment("it")]})
        with pytest.raises(SegmentInUse, match="Above"):
            Segment.objects.filter(slug="it").update(live=False)
        assert Segment.objects.get(slug="it").live
        assert Segment.objects.filter(slug="above").update(live=False) == 1

    @pytest.mark.parametrize("slug", ["other", Concat("slug", Value("-2"))])
    def test_refuses_another_short_name_while_something_names_it(self, slug):
        builders.segment("IT")
        builders.segment("Above", {"all": [in_segment("it")]})
        with pytest.raises(SegmentInUse, match="Above"):
            Segment.objects.filter(slug="it").update(slug=slug)
        assert Segment.objects.filter(slug="above").update(slug=slug) == 1

    @pytest.mark.usefixtures("restricting")
    def test_refuses_what_people_say_about_themselves_in_what_restricts(self):
        builders.segment("Below")
        builders.segment("restricting", {"all": [in_segment("below")]})
        with pytest.raises(ValidationError, match="say about themselves"):
            Segment.objects.filter(slug="below").update(rule=TestSelfChosen.SELF)
        assert not Segment.objects.filter(self_chosen=True).exists()


class TestCause:
    @pytest.mark.parametrize("draft", [True, False])
    def test_is_the_rule_for_a_segment_that_is_mended_together_with_its_lists(self, draft):
        ada, bob = builders.person("ada", department="IT"), builders.person("bob")
        it = builders.segment("IT", rule=None if draft else {"all": [in_segment("lost")]}, live=not draft)
        assert it.broken
        it.live, it.rule = True, {"all": [department("IT")]}
        it.list_changes = {"include": [str(bob.pk)]}
        it.save()
        assert dict(Membership.objects.values_list("person", "cause")) == {ada.pk: "rule", bob.pk: "rule"}

    def test_is_what_the_rule_names_for_a_segment_that_is_found_mended_with_a_profile(self):
        ada, bob = builders.person("ada", office=None), builders.person("bob", department="HR")
        it = builders.segment("IT", {"any": [department("HR"), in_segment("lost")]})
        QuerySet(Segment).bulk_create([Segment(name="Lost", slug="lost", rule={"all": [department("Lost")]})])
        ada.staff.department = "HR"
        ada.staff.save()
        causes = Membership.objects.filter(segment=it).values_list("person", "cause")
        assert dict(causes) == {ada.pk: "names", bob.pk: "names"}


class TestEnding:
    def test_of_whoever_changed_meanwhile_leaves_a_past_membership(self, monkeypatch):
        people = [builders.person(department="IT") for _ in range(3)]
        it = builders.segment("IT")
        insert = comparing.insert_select

        def insert_and_lose(model, *args, **kwargs):
            inserted = insert(model, *args, **kwargs)
            if model is PastMembership:
                Staff.objects.filter(user=people[1]).update(department="HR")
            return inserted

        monkeypatch.setattr(comparing, "insert_select", insert_and_lose)
        Staff.objects.filter(user=people[0]).update(department="HR")
        refresh([it])
        assert PastMembership.objects.count() == 3 - Membership.objects.count() == 1

    def test_costs_one_statement_when_nobody_left(self, django_assert_num_queries):
        builders.person(department="IT")
        it = builders.segment("IT")
        surplus = comparing.surplus(it.pk, effective_q(it))
        with django_assert_num_queries(1):
            assert comparing.end(surplus, "rule") == 0

    def test_of_many_goes_in_batches(self):
        it = builders.segment("IT")
        users = get_user_model().objects.bulk_create(get_user_model()(username=f"u{n}") for n in range(1_001))
        rows = [Membership(segment=it, person=user, since=timezone.now()) for user in users]
        Membership.objects.bulk_create(rows)
        assert refresh([it]) == (0, 1_001)
        assert PastMembership.objects.count() == 1_001


class TestLists:
    @pytest.fixture
    def segment(self):
        return builders.segment("IT")

    def test_include_who_does_not_match(self, segment):
        segment.always_include([builders.person("bob", department="HR")])
        assert names(segment) == ["bob"]

    def test_exclude_who_matches(self, segment):
        segment.always_exclude([builders.person("ada", department="IT")])
        assert names(segment) == []

    def test_hold_a_person_once_and_the_last_word_counts(self, segment):
        ada = builders.person("ada", department="IT")
        segment.always_exclude([ada])
        segment.always_include([ada])
        assert names(segment) == ["ada"]
        assert ManualMember.objects.count() == 1

    def test_leave_the_rule_to_decide(self, segment):
        ada, bob = builders.person("ada", department="IT"), builders.person("bob", department="HR")
        segment.always_exclude([ada])
        segment.always_include([bob])
        segment.let_rule_decide([ada, bob])
        assert names(segment) == ["ada"]

    def test_survive_a_change_of_the_profile(self, segment):
        ada = builders.person("ada", department="IT")
        segment.always_exclude([ada])
        ada.staff.department = "HR"
        ada.staff.save()
        ada.staff.department = "IT"
        ada.staff.save()
        assert names(segment) == []

    def test_reach_the_segments_that_name_the_segment(self, segment):
        outer = builders.segment("Outer", {"all": [in_segment("it")]})
        segment.always_include([builders.person("bob", department="HR")])
        assert names(outer) == ["bob"]

    def test_follow_single_rows_too(self, segment):
        bob = builders.person("bob", department="HR")
        row = ManualMember.objects.create(segment=segment, person=bob, always="include")
        assert names(segment) == ["bob"]
        row.always = "exclude"
        row.save()
        assert names(segment) == []
        ada = builders.person("ada", department="IT")
        row.person = ada
        row.save()
        assert names(segment) == []
        ManualMember.objects.filter(segment=segment).delete()
        assert names(segment) == ["ada"]

    def test_do_not_bring_back_who_left(self, segment):
        segment.always_include([builders.person("eve", active=False)])
        assert names(segment) == []
