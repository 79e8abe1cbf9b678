"""Segments from data: one for each value of an attribute, kept in step when values come and go."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from tests.builders import person, segment
from tests.intranet.models import Office, Staff, Unit
from tests.intranet.people import StaffProfile
from wagtail_personalize.people import changed
from wagtail_personalize.people.attributes import Choice
from wagtail_personalize.segments.models import Segment, SegmentCategory, SegmentSeries
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.series import following
from wagtail_personalize.segments.series.following import follow
from wagtail_personalize.segments.series.receivers import _has_news

pytestmark = pytest.mark.django_db


class LostPath(StaffProfile):
    attributes = [Choice("department", "Department", path="planet")]


class NoDepartment(StaffProfile):
    attributes = []


def series(attribute="department", **fields):
    return SegmentSeries.objects.create(attribute=attribute, **fields)


def names():
    return sorted(Segment.objects.values_list("name", flat=True))


def size(name):
    return Segment.objects.get(name=name).size()


class TestMaking:
    def test_gives_each_text_a_segment_with_its_people(self):
        person(department="IT")
        person(department="it")
        person(department="Zürich")
        person()
        series()
        assert names() == ["Department: IT", "Department: Zürich"]
        assert size("Department: IT") == 2

    def test_gives_each_linked_object_a_segment_also_without_people(self):
        Office.objects.create(code="MUC", city="München")
        series("office", name_pattern="People in %(value)s")
        made = Segment.objects.get()
        assert (made.name, made.slug) == ("People in München", "office-muc")
        assert made.rule == {"all": [{"attribute": "office", "operator": "is_one_of", "value": ["MUC"]}]}

    def test_takes_everything_below_in_a_tree(self):
        it = Unit.objects.create(code="it", name="IT")
        web = Unit.objects.create(code="web", name="Web", parent=it)
        person(unit=web)
        series("unit", with_below=True)
        assert (size("Unit: IT"), size("Unit: Web")) == (1, 1)
        SegmentSeries.objects.get().delete()
        assert Segment.objects.count() == 2

    def test_changes_its_rules_when_what_is_below_shall_count(self):
        it = Unit.objects.create(code="it", name="IT")
        person(unit=Unit.objects.create(code="web", name="Web", parent=it))
        tree = series("unit")
        assert size("Unit: IT") == 0
        tree.with_below = True
        tree.save()
        assert size("Unit: IT") == 1

    def test_works_for_every_kind_of_attribute(self):
        person(level=3, remote=True, skills=["Python"])
        for attribute in ("level", "remote", "skills", "city", "job_title"):
            series(attribute)
        assert names() == ["Level: 3", "Skills: Python", "Works remotely: No", "Works remotely: Yes"]
        assert [size(name) for name in names()] == [1, 1, 0, 1]

    def test_tells_values_of_the_same_name_apart(self):
        Office.objects.create(code="A", city="Halle")
        Office.objects.create(code="B", city="Halle")
        series("office")
        assert names() == ["Office: Halle (A)", "Office: Halle (B)"]

    def test_does_not_take_the_name_or_short_name_of_another_segment(self):
        segment("Department: IT", {"all": [{"attribute": "level", "operator": "is_set"}]})
        Segment.objects.update(slug="department-it")
        person(department="IT")
        series()
        assert names() == ["Department: IT", "Department: IT (2)"]
        follow(SegmentSeries.objects.get())
        assert names() == ["Department: IT", "Department: IT (2)"]

    @pytest.mark.parametrize(("there", "comes"), [("Zürich", "Zurich"), ("ZURICH", "zürich")])
    def test_takes_names_for_the_same_that_differ_in_case_and_accents_only(self, there, comes):
        segment(f"Department: {there}", {"all": [{"attribute": "level", "operator": "is_set"}]}, description="there")
        person(department=comes)
        series()
        assert Segment.objects.exclude(description="there").get().name == f"Department: {comes} (2)"

    def test_takes_short_names_for_the_same_in_the_same_way(self):
        segment("Other", {"all": [{"attribute": "level", "operator": "is_set"}]})
        Segment.objects.update(slug="department-zurich")
        person(department="Zürich")
        series()
        assert Segment.objects.get(name="Department: Zürich").slug == "department-zürich-2"

    def test_stops_at_a_number(self, monkeypatch):
        monkeypatch.setattr(following, "MOST_VALUES", 2)
        for name in "abc":
            person(department=name)
        made = series()
        assert len(names()) == 2
        assert follow(made).beyond == 1

    def test_survives_strange_values(self):
        for name in ("100%", "%(value)s", "a'b", "x" * 100, "日本", "…"):
            person(department=name)
        series()
        assert len(names()) == 6

    def test_is_empty_for_an_attribute_that_is_no_longer_declared(self):
        assert follow(series("shoe_size")).made == []


class TestAttributeThatIsUnknownForAMoment:
    @pytest.fixture(params=["another path", "not declared", "no profiles"])
    def lost(self, request, settings):
        """Department as one deployment lost it."""

        def lose():
            found = {
                "another path": {"PROFILE": f"{__name__}.LostPath"},
                "not declared": {"PROFILE": f"{__name__}.NoDepartment"},
                "no profiles": {},
            }
            settings.WAGTAIL_PERSONALIZE = found[request.param]

        return lose

    def test_keeps_its_segments(self, lost):
        it = person(department="IT")
        made = series()
        lost()
        it.staff.save()
        assert not follow(made).deleted
        assert names() == ["Department: IT"]

    def test_keeps_them_when_the_series_is_saved(self, lost):
        person(department="IT")
        made = series()
        lost()
        made.with_below = True
        made.save()
        assert names() == ["Department: IT"]

    def test_has_no_news(self, lost):
        it = person(department="IT")
        made = series()
        lost()
        assert not _has_news("department", made.pk, [it.pk])


class TestComing:
    def test_a_new_value_of_somebody_gets_a_segment_at_once(self):
        kim = person(department="IT")
        series()
        kim.staff.department = "Robotics"
        kim.staff.save()
        assert size("Department: Robotics") == 1

    def test_a_new_linked_object_gets_a_segment_at_once(self):
        series("office")
        Office.objects.create(code="MUC", city="München")
        assert names() == ["Office: München"]

    def test_a_bulk_change_that_is_told_brings_segments(self):
        person(department="IT")
        series()
        Staff.objects.update(department="Finance")
        changed(Staff.objects.all(), {"department"})
        assert "Department: Finance" in names()

    def test_the_nightly_refresh_finds_the_rest(self):
        person(department="IT")
        series()
        Staff.objects.update(department="Finance")
        refresh()
        assert names() == ["Department: Finance"]


class TestGoing:
    def test_a_segment_that_nothing_uses_goes_with_its_value(self):
        office = Office.objects.create(code="MUC", city="München")
        series("office")
        office.delete()
        assert names() == []

    def test_a_segment_in_use_stays_empty_and_is_marked(self):
        kim = person(department="IT")
        made = series()
        segment("Not IT", {"none": [{"operator": "in_segment", "value": "department-it"}]})
        kim.staff.department = ""
        kim.staff.save()
        refresh()
        assert made.values.get().gone
        assert size("Department: IT") == 0

    def test_the_same_segment_is_back_with_its_value(self):
        kim = person(department="IT")
        made = series()
        it = Segment.objects.get()
        segment("Not IT", {"none": [{"operator": "in_segment", "value": "department-it"}]})
        Staff.objects.update(department="")
        refresh()
        kim.staff.department = "it"
        kim.staff.save()
        assert made.values.get().segment == it
        assert not made.values.get().gone
        assert list(it.people()) == [kim]

    def test_what_was_marked_goes_when_nothing_uses_it_any_more(self):
        person(department="IT")
        series()
        user_of_it = segment("Not IT", {"none": [{"operator": "in_segment", "value": "department-it"}]})
        Staff.objects.update(department="")
        refresh()
        user_of_it.delete()
        refresh()
        assert names() == []

    def test_a_segment_that_an_editor_deleted_is_not_made_again(self):
        person(department="IT")
        series()
        Segment.objects.get().delete()
        refresh()
        assert names() == []


class TestRenaming:
    def test_the_name_follows_and_the_short_name_stays(self):
        office = Office.objects.create(code="MUC", city="Munich")
        series("office")
        office.city = "München"
        office.save()
        made = Segment.objects.get()
        assert (made.name, made.slug) == ("Office: München", "office-muc")

    def test_follows_the_pattern(self):
        person(department="IT")
        made = series()
        made.name_pattern = "%(value)s people"
        made.save()
        assert names() == ["IT people"]


class TestHistory:
    """Each segment remembers what its series did to it."""

    def entries(self):
        return list(ModelLogEntry.objects.order_by("pk").values_list("action", "label", "data"))

    def test_tells_of_the_making_and_the_end(self):
        kim = person(department="IT").staff
        series()
        assert self.entries() == [("wagtail.create", "Department: IT", {})]
        kim.department = ""
        kim.save()
        changed()
        assert self.entries()[1:] == [("wagtail.delete", "Department: IT", {})]

    def test_tells_of_names_and_categories(self):
        person(department="IT")
        one = series()
        one.category, one.name_pattern = SegmentCategory.objects.create(name="Teams"), "%(value)s"
        one.save()
        assert self.entries()[1:] == [
            ("wagtail_personalize.change_segment", "IT", {"name": {"before": "Department: IT", "after": "IT"}}),
            ("wagtail_personalize.change_segment", "IT", {"category": {"before": "", "after": "Teams"}}),
        ]

    def test_tells_of_another_rule(self):
        Unit.objects.create(code="it", name="IT")
        one = series("unit")
        one.with_below = True
        one.save()
        ((action, label, data),) = self.entries()[1:]
        assert (action, label) == ("wagtail_personalize.change_segment", "Unit: IT")
        assert data["rule"]["before"] != data["rule"]["after"]


class TestPattern:
    BAD = ("%(value)300000000s", "%(value)c", "%(value)d %(value)s", "%(value)s %", "%(value)s %(shoe)s", "100%")

    @pytest.mark.parametrize("pattern", [*BAD, "Same", "%%(value)s"])
    def test_is_refused_unless_it_says_the_value_and_nothing_strange(self, pattern):
        with pytest.raises(ValidationError, match="name"):
            SegmentSeries(attribute="department", name_pattern=pattern).full_clean()

    def test_may_hold_percent_signs(self):
        person(department="50 %")
        series(name_pattern="%%%(value)s%% (%(attribute)s)")
        assert names() == ["%50 %% (Department)"]

    def test_takes_labels_as_they_are(self):
        person(department="%(attribute)s %%")
        series(name_pattern="%(value)s")
        assert names() == ["%(attribute)s %%"]

    @pytest.mark.parametrize("pattern", BAD)
    def test_that_was_stored_all_the_same_never_keeps_a_profile_from_being_saved(self, pattern):
        series()
        SegmentSeries.objects.update(name_pattern=pattern)
        person(department="IT")
        assert Segment.objects.count() == 1
        assert len(names()[0]) <= 150


class TestCost:
    def test_following_again_writes_nothing(self, django_assert_max_num_queries):
        for number in range(30):
            Office.objects.create(code=f"O{number}", city=f"City {number}")
        made = series("office")
        with django_assert_max_num_queries(7):
            done = follow(made)
        assert (done.made, done.renamed, done.gone) == ([], [], [])

    def test_a_site_without_series_pays_nothing_for_a_saved_profile(self, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        kim = person(department="IT")
        kim.staff.department = "HR"
        kim.staff.save()
        with CaptureQueriesContext(connection) as queries:
            kim.staff.department = "IT"
            kim.staff.save()
        assert not [one for one in queries.captured_queries if "series" in one["sql"]]

    def test_a_saved_profile_looks_only_at_its_own_values(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        kim, _lee = person(department="IT"), person(department="HR")
        series()
        with CaptureQueriesContext(connection) as queries:
            kim.staff.department = "HR"
            kim.staff.save()
        assert len([one for one in queries.captured_queries if "segmentseries" in one["sql"]]) <= 1
        assert len([one for one in queries.captured_queries if "seriesvalue" in one["sql"]]) == 1
