"""Segments from data in the admin."""

import re

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.builders import person, segment
from tests.intranet.models import Office, Unit
from tests.segments.editing import editor_with
from wagtail_personalize.segments.models import Segment, SegmentCategory, SegmentSeries

pytestmark = pytest.mark.django_db

ADD = "personalize_segment_series:add"


@pytest.fixture
def editor(client):
    someone = editor_with("add_segment", "change_segment", "delete_segment", "publish_segment", "view_members")
    client.force_login(someone)
    return someone


def data(attribute="department", **more):
    return {"attribute": attribute, "name_pattern": "%(attribute)s: %(value)s", "category": "", **more}


class TestPreview:
    def test_shows_names_and_sizes_and_makes_nothing(self, client, editor):
        person(department="IT")
        page = client.post(reverse(ADD), data()).content.decode()
        assert "Department: IT" in page
        assert "1 person" in page
        assert not Segment.objects.exists()
        assert not SegmentSeries.objects.exists()

    def test_costs_the_same_for_many_values(self, client, editor, django_assert_max_num_queries):
        for number in range(100):
            Office.objects.create(code=f"O{number}", city=f"City {number}")
        client.get(reverse(ADD))
        with django_assert_max_num_queries(14):
            client.post(reverse(ADD), data("office"))

    def test_rounds_sizes_for_those_who_may_not_see_members(self, client):
        client.force_login(editor_with("add_segment", "publish_segment"))
        person(department="IT")
        assert "fewer than 5 people" in client.post(reverse(ADD), data()).content.decode()

    def test_counts_as_one_of_the_few_live_sizes(self, client, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "LIVE_SIZES": 1}
        client.force_login(editor_with("add_segment", "publish_segment"))
        person(department="IT")
        client.post(reverse(ADD), data())
        page = client.post(reverse(ADD), data()).content.decode()
        assert "fewer than 5 people" not in page
        assert "asked for many sizes" in page
        assert "Department: IT" in page

    def test_says_when_there_are_no_values_yet(self, client, editor):
        assert "no values yet" in client.post(reverse(ADD), data()).content.decode()

    def test_escapes_what_people_are_called(self, client, editor):
        person(department="<script>alert(1)</script>")
        assert "<script>alert(1)" not in client.post(reverse(ADD), data()).content.decode()


class TestMaking:
    def test_happens_on_confirmation(self, client, editor):
        person(department="IT")
        answer = client.post(reverse(ADD), data(confirm="yes"), follow=True)
        assert "1 segment was made" in answer.content.decode()
        assert Segment.objects.get().name == "Department: IT"

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"attribute": ""}, "This field is required"),
            ({"attribute": "hired"}, "Select a valid choice"),
            ({"name_pattern": "Same"}, "Every segment would have the same name"),
            ({"name_pattern": "%(value)s %(shoe)s"}, "can stand in a name"),
            ({"name_pattern": "%(value)300000000s"}, "can stand in a name"),
            ({"name_pattern": "%(value)c"}, "can stand in a name"),
            ({"with_below": "on"}, "Only trees"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, client, editor, changes, says):
        person(department="IT")
        answer = client.post(reverse(ADD), data(confirm="yes") | changes)
        assert says in answer.content.decode()
        assert not Segment.objects.exists()

    def test_is_logged_with_who_did_it(self, client, editor):
        person(department="IT")
        client.post(reverse(ADD), data(confirm="yes"))
        entry = ModelLogEntry.objects.get(label="Department: IT")
        assert (entry.action, entry.user_id) == ("wagtail.create", editor.pk)

    def test_offers_an_attribute_once(self, client, editor):
        SegmentSeries.objects.create(attribute="department")
        assert 'value="department"' not in client.get(reverse(ADD)).content.decode()

    def test_hides_what_people_say_themselves_from_those_who_may_not_see_members(self, client):
        client.force_login(editor_with("add_segment", "publish_segment"))
        assert 'value="motto"' not in client.get(reverse(ADD)).content.decode()
        assert "Select a valid choice" in client.post(reverse(ADD), data("motto", confirm="yes")).content.decode()

    def test_needs_the_permission_to_publish_too(self, client):
        client.force_login(editor_with("add_segment", "change_segment"))
        client.post(reverse(ADD), data("department", confirm="yes"))
        assert not SegmentSeries.objects.exists()

    def test_needs_the_permission_to_add_segments(self, client):
        client.force_login(editor_with("change_segment"))
        client.post(reverse(ADD), data(confirm="yes"))
        assert not SegmentSeries.objects.exists()


class TestPublishedSegments:
    """A series writes the rules, names and categories of its segments."""

    @pytest.fixture
    def units(self, db):
        it = Unit.objects.create(code="it", name="IT")
        web = Unit.objects.create(code="web", name="Web", parent=it)
        for _number in range(10):
            person(unit=web)
        return SegmentSeries.objects.create(attribute="unit", with_below=True)

    def post(self, client, series, **more):
        sent = {"name_pattern": "%(attribute)s: %(value)s", "category": "", **more}
        return client.post(reverse("personalize_segment_series:edit", args=[series.pk]), sent).content.decode()

    @pytest.mark.parametrize("changes", [{}, {"with_below": "on", "name_pattern": "%(value)s"}])
    def test_change_only_by_those_who_may_publish(self, client, units, changes):
        client.force_login(editor_with("change_segment", "view_members"))
        assert "Only who may publish" in self.post(client, units, **changes)
        assert Segment.objects.get(name="Unit: IT").size() == 10

    def test_get_another_category_only_from_those_who_may_publish(self, client, units):
        secret = SegmentCategory.objects.create(name="Secret")
        client.force_login(editor_with("change_segment"))
        assert "Only who may publish" in self.post(client, units, with_below="on", category=secret.pk)
        assert not Segment.objects.filter(category=secret).exists()

    def test_lose_their_people_only_when_confirmed(self, client, units):
        client.force_login(editor_with("change_segment", "publish_segment", "view_members"))
        page = self.post(client, units, **{"confirmed-impact": "yes"})
        assert "Unit: IT: +0 / −10" in page
        assert "Unit: Web" not in page.split("personalize-impact__answer")[0].split('id="personalize-impact"')[1]
        assert Segment.objects.get(name="Unit: IT").size() == 10
        token = re.search(r'name="confirmed-impact" value="(\w+)"', page).group(1)
        self.post(client, units, **{"confirmed-impact": token})
        assert Segment.objects.get(name="Unit: IT").size() == 0

    def test_tell_no_figures_to_those_who_may_not_see_members(self, client, units):
        client.force_login(editor_with("change_segment", "publish_segment"))
        page = self.post(client, units)
        assert "You may not see how many" in page
        assert "−10" not in page


class TestPages:
    def test_the_list_counts_segments_with_few_queries(self, client, editor, django_assert_max_num_queries):
        for attribute in ("department", "office", "unit", "level", "city"):
            SegmentSeries.objects.create(attribute=attribute)
        client.get(reverse("personalize_segment_series:index"))
        with django_assert_max_num_queries(12):
            page = client.get(reverse("personalize_segment_series:index")).content.decode()
        assert "Whose value no longer occurs" in page

    def test_marks_values_that_no_longer_occur(self, client, editor):
        office = Office.objects.create(code="MUC", city="München")
        series = SegmentSeries.objects.create(attribute="office")
        segment("Elsewhere", {"none": [{"operator": "in_segment", "value": "office-muc"}]})
        office.delete()
        page = client.get(reverse("personalize_segment_series:edit", args=[series.pk])).content.decode()
        assert "Value no longer occurs" in page

    def test_changes_what_counts_in_a_tree(self, client, editor):
        Unit.objects.create(code="it", name="IT")
        series = SegmentSeries.objects.create(attribute="unit")
        client.post(
            reverse("personalize_segment_series:edit", args=[series.pk]),
            {"with_below": "on", "name_pattern": "%(value)s", "category": ""},
        )
        assert Segment.objects.get().rule["all"][0]["operator"] == "is_under"
        assert Segment.objects.get().name == "IT"

    def test_ends_a_series_and_keeps_its_segments(self, client, editor):
        person(department="IT")
        series = SegmentSeries.objects.create(attribute="department")
        url = reverse("personalize_segment_series:delete", args=[series.pk])
        assert "no longer follow the data" in client.get(url).content.decode()
        client.post(url)
        assert not SegmentSeries.objects.exists()
        assert Segment.objects.exists()

    def test_stands_in_the_menu(self, client, editor):
        assert "Segments from data" in client.get(reverse("personalize_segments:index")).content.decode()
