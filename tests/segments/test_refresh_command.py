from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import builders
from tests.intranet.models import Staff, Unit
from wagtail_personalize.people.models import FoldedValue, ReportingLine, TreePath
from wagtail_personalize.segments.models import Membership, Segment
from wagtail_personalize.segments.refresh import Difference, check, refresh

pytestmark = pytest.mark.django_db


def run(**options):
    out = StringIO()
    call_command("refresh_segments", stdout=out, **options)
    return out.getvalue().strip()


class TestRefreshSegments:
    def test_says_what_changed_and_changes_nothing_the_second_time(self):
        ada = builders.person("ada", department="HR")
        builders.segment("IT"), builders.segment("HR")
        Staff.objects.filter(pk=ada.staff.pk).update(department="IT")
        assert run() == "1 joined, 1 left."
        assert run() == "0 joined, 0 left."

    def test_of_one_segment_leaves_the_others(self):
        ada = builders.person("ada", department="HR")
        builders.segment("IT"), builders.segment("HR")
        Staff.objects.filter(pk=ada.staff.pk).update(department="IT")
        assert run(segment="it") == "1 joined, 0 left."
        assert ada.pk in Segment.objects.get(slug="hr").memberships.values_list("person", flat=True)

    def test_refuses_a_segment_that_does_not_exist(self):
        with pytest.raises(CommandError, match="“nobody”"):
            run(segment="nobody")

    def test_finds_moves_in_trees_and_reporting_lines_that_nobody_told(self):
        top, dev = Unit.objects.create(code="TOP", name="Top"), Unit.objects.create(code="DEV", name="Dev")
        boss = builders.person("boss", staff_number="1")
        ada = builders.person("ada", unit="DEV")
        below = builders.segment("Below", {"all": [{"operator": "reports_to", "value": "1", "depth": "any"}]})
        under = builders.segment("Under", {"all": [{"attribute": "unit", "operator": "is_under", "value": ["TOP"]}]})
        Unit.objects.filter(pk=dev.pk).update(parent=top)
        Staff.objects.filter(pk=ada.staff.pk).update(manager=boss.staff)
        assert (below.size(), under.size()) == (0, 0)
        assert run() == "2 joined, 0 left."
        assert (below.size(), under.size()) == (1, 1)


class TestCheck:
    @pytest.fixture(autouse=True)
    def ada(self):
        ada = builders.person("ada", department="IT")
        builders.segment("IT"), builders.segment("HR")
        refresh()
        return ada

    def test_finds_nothing_when_all_is_well(self):
        assert check() == []
        assert run(check=True) == "Stored and computed memberships are the same."

    def test_lists_who_is_missing_and_too_many_and_exits_with_1(self, ada):
        Staff.objects.filter(pk=ada.staff.pk).update(department="HR")
        out = StringIO()
        with pytest.raises(CommandError) as error:
            call_command("refresh_segments", check=True, stdout=out)
        assert error.value.returncode == 1
        assert out.getvalue().splitlines() == ["IT: 1 person too many.", "HR: 1 person is missing."]

    def test_changes_nothing(self, ada):
        Staff.objects.filter(pk=ada.staff.pk).update(department="Somewhere else")
        folded, stored = FoldedValue.objects.count(), list(Membership.objects.values_list())
        assert check() == ["IT: 1 person too many."]
        assert FoldedValue.objects.count() == folded
        assert list(Membership.objects.values_list()) == stored

    def test_sees_people_that_a_broken_segment_still_holds(self, ada):
        Segment.objects.filter(slug="it").update(rule={"all": []})
        assert check() == []
        Membership.objects.create(segment=Segment.objects.get(slug="it"), person=ada, since=ada.date_joined)
        assert check() == ["IT: 1 person too many."]

    def test_finds_derived_fields_that_are_wrong(self):
        Segment.objects.filter(slug="it").update(mentions=[], broken="So they say.")
        assert check() == ["IT is no longer broken.", "IT: what its rule depends on has changed."]
        refresh()
        assert check() == []

    def test_of_one_segment_looks_at_no_other(self, ada):
        Staff.objects.filter(pk=ada.staff.pk).update(department="HR")
        assert check(Segment.objects.filter(slug="hr")) == ["HR: 1 person is missing."]

    def test_costs_a_bounded_number_of_queries_for_each_segment(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(60):
            check()


class TestBrokenSite:
    def test_a_segment_without_a_declaration_is_empty(self, settings):
        builders.person("ada", department="IT")
        segment = builders.segment("IT")
        settings.WAGTAIL_PERSONALIZE = {}
        assert refresh() == Difference(0, 1)
        segment.refresh_from_db()
        assert segment.broken
        assert check() == []

    def test_tables_of_rules_are_made_good(self):
        boss = builders.person("boss", staff_number="1")
        builders.person("ada", manager=boss.staff, department="IT")
        builders.segment("IT")
        FoldedValue.objects.all().delete()
        ReportingLine.objects.all().delete()
        TreePath.objects.all().delete()
        refresh()
        assert FoldedValue.objects.filter(value="IT").exists()
        assert ReportingLine.objects.count() == 1
