"""Segments, memberships and the viewer where people have a UUID as their key and no user name."""

import pytest
from django.utils.text import slugify

from wagtail_personalize.segments import versions
from wagtail_personalize.segments.admin.confirming import question
from wagtail_personalize.segments.impact import impact
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.list_changes import difference
from wagtail_personalize.segments.models import Segment, StateVersion
from wagtail_personalize.segments.refresh import Difference, check, refresh
from wagtail_personalize.segments.viewer import Viewer

from . import builders

pytestmark = pytest.mark.django_db


def segment(name, *conditions):
    return Segment.objects.create(name=name, slug=slugify(name), rule={"all": list(conditions)})


def has(attribute, operator, value):
    return {"attribute": attribute, "operator": operator, "value": value}


class TestMemberships:
    def test_are_refreshed_for_everybody_and_for_some(self):
        ada, bob = builders.member("Ada", languages=["nl"]), builders.member("Bob", languages=["de"])
        dutch = segment("Dutch", has("languages", "has_any", ["nl"]))
        assert list(dutch.people()) == [ada]
        dutch.memberships.all()._raw_delete("default")
        assert refresh(person_ids=[ada.pk, bob.pk]) == Difference(1, 0)
        dutch.memberships.all()._raw_delete("default")
        assert refresh() == Difference(1, 0)
        assert check() == []

    def test_follow_a_profile(self):
        ada = builders.member("Ada", team="Bridge")
        bridge = segment("Bridge", has("team", "is", "Bridge"))
        assert bridge.size() == 1
        ada.member.team = None
        ada.member.save()
        assert bridge.size() == 0

    def test_keep_lists(self):
        ada = builders.member("Ada")
        nobody = segment("Nobody", has("languages", "has_any", ["tlh"]))
        nobody.always_include([ada])
        assert list(nobody.people()) == [ada]
        nobody.let_rule_decide([ada])
        assert nobody.size() == 0


class TestViewer:
    def test_is_found_by_a_key_of_any_type(self, django_assert_num_queries):
        ada = builders.member("Ada", languages=["nl"])
        dutch = segment("Dutch", has("languages", "has_any", ["nl"]))
        segment_index()
        viewer = Viewer.for_person(ada)
        with django_assert_num_queries(1):
            assert viewer.segment_ids == {dutch.pk}
        assert Viewer.for_person(builders.member("Bob")).segment_ids == frozenset()

    def test_is_right_on_a_day_that_was_not_refreshed(self):
        ada = builders.member("Ada", languages=["nl"])
        dutch = segment("Dutch", has("languages", "has_any", ["nl"]))
        Segment.objects.filter(pk=dutch.pk).update(depends_on_date=True)
        dutch.memberships.all()._raw_delete("default")
        versions.grow(versions.SEGMENTS)
        StateVersion.objects.filter(name=versions.DAY).delete()
        assert Viewer.for_person(ada).segment_ids == {dutch.pk}
        assert Viewer.for_person(builders.member("Bob")).segment_ids == frozenset()


class TestVersions:
    def test_carry_changes_of_the_lists_of_people_until_they_are_published(self):
        ada, bob = builders.member("Ada"), builders.member("Bob", languages=["nl"])
        dutch = segment("Dutch", has("languages", "has_any", ["nl"]))
        dutch.list_changes = difference(dutch, [str(ada.pk)], [str(bob.pk)])

        revision = dutch.save_revision()
        assert list(dutch.people()) == [bob]
        revision.publish()

        assert list(dutch.people()) == [ada]

    def test_are_compared_with_who_is_in_the_segment(self):
        ada, bob = builders.member("Ada"), builders.member("Bob", languages=["nl"])
        dutch = segment("Dutch", has("languages", "has_any", ["nl"]))

        found = impact(dutch, dutch.rule, [str(ada.pk)], [str(bob.pk)])

        assert (list(found.joining), list(found.leaving)) == ([ada.pk], [bob.pk])
        assert question(dutch, dutch.rule, ([str(ada.pk)], []), builders.account(is_superuser=True)).token
