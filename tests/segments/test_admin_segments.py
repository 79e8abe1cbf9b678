"""Segments in the admin: list, editor, page about one segment, deletion, history, menu."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.builders import person, segment
from tests.intranet.models import Unit
from tests.segments.editing import confirmed, editor_with, segment_data
from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.admin.log_actions import SEGMENT_CHANGED
from wagtail_personalize.segments.models import Segment, SegmentCategory
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.usage import Usage, _providers, register_usage

pytestmark = pytest.mark.django_db

LEGAL = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["Legal"]}]}
IT = {"all": [{"attribute": "department", "operator": "is_one_of", "value": ["IT"]}]}
MOTTO = {"all": [{"attribute": "motto", "operator": "is_set"}]}


@pytest.fixture
def editor(client):
    """May change and publish segments, but not see who is in them."""
    someone = editor_with("add_segment", "change_segment", "delete_segment", "view_segment", "publish_segment")
    client.force_login(someone)
    return someone


@pytest.fixture
def in_use():
    """Some page uses every segment while the test runs."""

    def usages(segment):
        yield Usage("Page", "Salary bands", url="/admin/pages/7/")

    yield register_usage(usages)
    _providers.remove(usages)


def url(name, *args):
    return reverse(f"personalize_segments:{name}", args=args)


class TestList:
    def test_shows_what_each_segment_means_and_how_large_it_is(self, client, boss):
        person(department="Legal")
        segment("Lawyers", LEGAL, category=SegmentCategory.objects.create(name="Functions"))

        page = client.get(url("index")).content.decode()

        for words in ("Lawyers", "Functions", "Department is Legal", "1 person", "Live"):
            assert words in page

    def test_rounds_sizes_for_those_who_may_not_see_members(self, client, editor):
        for _number in range(7):
            person(department="Legal")
        segment("Lawyers", LEGAL)

        assert "at least 5 people" in client.get(url("index")).content.decode()

    def test_finds_broken_segments(self, client, boss):
        segment("Fine", LEGAL)
        unit = Unit.objects.create(code="X", name="X")
        segment("Stranded", {"all": [{"attribute": "unit", "operator": "is", "value": "X"}]})
        unit.delete()
        refresh()

        page = client.get(url("index"), {"state": "broken"}).content.decode()

        assert "Stranded" in page
        assert "Fine" not in page

    def test_tells_drafts_from_what_is_live_and_what_is_broken(self, client, boss):
        segment("Fine", LEGAL)
        segment("Dreamt", LEGAL, live=False)
        segment("Half", LEGAL, has_unpublished_changes=True)

        shown = {
            state: [each.name for each in client.get(url("index"), {"state": state}).context["object_list"]]
            for state in ("live", "draft", "live_draft", "broken")
        }

        assert shown == {"live": ["Fine", "Half"], "draft": ["Dreamt"], "live_draft": ["Half"], "broken": []}
        page = client.get(url("index")).content.decode()
        assert "Live + draft" in page
        assert "Broken" not in page.split("<table")[1].split("</table>")[0]

    def test_is_searched_and_filtered_by_category(self, client, boss):
        category = SegmentCategory.objects.create(name="Functions")
        segment("Lawyers", LEGAL, category=category)
        segment("Machines", IT)

        assert "Machines" not in client.get(url("index"), {"q": "Law"}).content.decode()
        assert "Machines" not in client.get(url("index"), {"category": category.pk}).content.decode()

    def test_costs_the_same_for_many_segments(self, client, boss, django_assert_max_num_queries):
        for number in range(3):
            Unit.objects.create(code=f"U{number}", name="A unit")
            segment(f"S{number}", {"all": [{"attribute": "unit", "operator": "is_one_of", "value": [f"U{number}"]}]})
        client.get(url("index"))
        with django_assert_max_num_queries(100) as few:
            client.get(url("index"))
        for number in range(3, 15):
            Unit.objects.create(code=f"U{number}", name="A unit")
            segment(f"S{number}", {"all": [{"attribute": "unit", "operator": "is_one_of", "value": [f"U{number}"]}]})
        with django_assert_max_num_queries(len(few)):
            client.get(url("index"))

    def test_is_for_those_with_a_permission_on_segments(self, client):
        client.force_login(editor_with())

        assert client.get(url("index")).status_code == 302


class TestReadOnly:
    def test_a_reader_is_led_to_the_page_about_the_segment(self, client):
        client.force_login(editor_with("view_segment"))
        lawyers = segment("Lawyers", LEGAL)

        page = client.get(url("index")).content.decode()

        assert url("inspect", lawyers.pk) in page
        assert url("edit", lawyers.pk) not in page
        assert client.get(url("inspect", lawyers.pk)).status_code == 200
        for name, args in (("edit", [lawyers.pk]), ("delete", [lawyers.pk]), ("add", []), ("copy", [lawyers.pk])):
            assert client.get(url(name, *args)).status_code == 302


class TestWithoutDeclaration:
    def test_the_editor_says_so(self, client, boss, settings):
        settings.WAGTAIL_PERSONALIZE = {}
        rule = {"all": [{"operator": "in_group", "value": "Writers"}]}

        assert client.get(url("add")).status_code == 200
        assert (
            "has not declared its profiles"
            in client.post(reverse("personalize_segments:live"), segment_data(boss, "Odd", rule)).content.decode()
        )
        assert client.get(reverse("personalize_segments:values"), {"source": "manager"}).status_code == 200


class TestMenu:
    def test_is_shown_to_those_who_may_use_it(self, client, editor):
        assert "Personalisation" in client.get(reverse("wagtailadmin_home")).content.decode()

    def test_is_hidden_from_others(self, client):
        client.force_login(editor_with())

        assert "Personalisation" not in client.get(reverse("wagtailadmin_home")).content.decode()


class TestCreate:
    def test_saves_the_rule_and_fills_the_segment(self, client, boss):
        ada = person("ada", department="Legal")

        response = client.post(url("add"), segment_data(boss, "Our lawyers", LEGAL))

        assert response.status_code == 302
        made = Segment.objects.get()
        assert (made.name, made.slug, made.rule) == ("Our lawyers", "our-lawyers", LEGAL)
        assert list(made.people()) == [ada]

    def test_finds_a_free_short_name(self, client, boss):
        segment("Lawyers", LEGAL)

        client.post(url("add"), segment_data(boss, "Lawyers!", LEGAL))

        assert Segment.objects.get(name="Lawyers!").slug == "lawyers-2"

    def test_refuses_a_rule_without_a_condition_and_keeps_the_name(self, client, boss):
        response = client.post(url("add"), segment_data(boss, "Everybody", {"all": []}))

        assert response.status_code == 200
        assert "This group has no condition." in response.content.decode()
        assert "Everybody" in response.content.decode()
        assert not Segment.objects.exists()

    def test_puts_a_problem_at_its_condition_and_loses_nothing(self, client, boss):
        rule = {"all": [LEGAL["all"][0], {"any": [{"attribute": "department", "operator": "is_one_of", "value": []}]}]}

        response = client.post(url("add"), segment_data(boss, "Half", rule))

        shown = response.context["form"]["rule"]
        error = shown.errors.as_data()[0].as_json_data()
        nested = error["blockErrors"]["items"]["blockErrors"][1]["blockErrors"]["items"]["blockErrors"][0]
        assert nested["messages"] == ["A value is missing."]
        assert shown.value()["items"][0].value["values"] == ["Legal"]

    @pytest.mark.parametrize(
        "data", [{}, {"rule-items-count": "1000000000", "rule-match": "all"}, {"rule-items-count": "many"}]
    )
    def test_survives_a_form_without_the_builder(self, client, boss, data):
        response = client.post(url("add"), {"name": "Odd", **data})

        assert response.status_code == 200
        assert not Segment.objects.exists()

    def test_can_start_from_another_segment(self, client, boss):
        original = segment("Lawyers", LEGAL)

        page = client.get(url("copy", original.pk))
        client.post(url("copy", original.pk), segment_data(boss, "More lawyers", LEGAL))

        assert page.context["form"].instance.rule == LEGAL
        assert Segment.objects.get(name="More lawyers").uuid != original.uuid


class TestEdit:
    def test_shows_and_changes_the_rule(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)
        person(department="IT")

        assert client.get(url("edit", lawyers.pk)).status_code == 200
        client.post(url("edit", lawyers.pk), segment_data(boss, "Lawyers", IT))

        lawyers.refresh_from_db()
        assert (lawyers.rule, lawyers.size()) == (IT, 1)

    def test_tells_in_the_history_how_the_rule_read_before(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)

        client.post(url("edit", lawyers.pk), segment_data(boss, "Lawyers", IT))

        assert ModelLogEntry.objects.filter(action="wagtail.edit").count() == 1
        entry = ModelLogEntry.objects.get(action=SEGMENT_CHANGED)
        assert entry.message == "Changed: Department is Legal → Department is IT"
        assert "Department is Legal → Department is IT" in client.get(url("history", lawyers.pk)).content.decode()

    def test_shows_a_broken_condition_and_refuses_to_save_it(self, client, boss):
        gone = {"all": [LEGAL["all"][0], {"attribute": "shoe_size", "operator": "is", "value": 42}]}
        segment("Lawyers", LEGAL)
        Segment.objects.update(rule=gone)
        lawyers = Segment.objects.get()

        page = client.get(url("edit", lawyers.pk)).content.decode()
        response = client.post(url("edit", lawyers.pk), segment_data(boss, "Lawyers", gone))

        assert "There is no attribute" in page
        assert response.status_code == 200
        assert Segment.objects.get().rule == gone

    def test_names_people_beside_the_rule(self, client, boss):
        ada, bob = person("ada", department="IT"), person("bob", department="Legal")
        lawyers = segment("Lawyers", LEGAL)

        data = segment_data(boss, "Lawyers", LEGAL, always_included=[str(ada.pk)], always_excluded=[str(bob.pk)])
        confirmed(client, url("edit", lawyers.pk), data)

        assert list(lawyers.people()) == [ada]
        assert client.get(url("edit", lawyers.pk)).context["form"].initial["always_included"] == [str(ada.pk)]

    def test_logs_whose_names_were_shown(self, client, boss):
        ada = person("ada")
        lawyers = segment("Lawyers", LEGAL)
        client.get(url("edit", lawyers.pk))
        assert not LookAt.objects.exists()

        lawyers.always_include([ada])
        client.get(url("edit", lawyers.pk))

        assert list(LookAt.objects.get().persons.all()) == [ada]

    def test_lets_nobody_be_on_both_lists(self, client, boss):
        ada = person("ada")
        both = [str(ada.pk)]

        response = client.post(url("add"), segment_data(boss, "Odd", LEGAL, always_included=both, always_excluded=both))

        assert "Nobody can be on both lists." in response.content.decode()

    def test_refuses_what_is_only_found_out_while_saving(self, client, boss):
        def restricting(segment):
            yield Usage("Page", "Salary bands", restricts=True)

        lawyers = segment("Lawyers", LEGAL)
        register_usage(restricting)
        try:
            response = client.post(url("edit", lawyers.pk), segment_data(boss, "Lawyers", MOTTO))
        finally:
            _providers.remove(restricting)

        assert response.status_code == 200
        assert "it restricts who may see something" in response.content.decode()
        assert Segment.objects.get().rule == LEGAL


class TestWithoutViewMembers:
    def test_no_condition_on_personal_attributes_can_be_added(self, client, editor):
        response = client.post(url("add"), segment_data(editor, "Dreamers", MOTTO))

        assert "asks about birthdays" in response.content.decode()
        assert not Segment.objects.exists()

    def test_nor_by_way_of_another_segment(self, client, editor):
        segment("Dreamers", MOTTO)
        rule = {"all": [{"operator": "in_segment", "value": "dreamers"}]}

        assert client.post(url("add"), segment_data(editor, "Sly", rule)).status_code == 200
        assert Segment.objects.count() == 1

    def test_a_personal_condition_stays_when_something_else_is_edited(self, client, editor):
        dreamers = segment("Dreamers", MOTTO)

        response = client.post(url("edit", dreamers.pk), segment_data(editor, "People who dream", MOTTO))

        assert response.status_code == 302
        assert Segment.objects.get().name == "People who dream"

    def test_nobody_is_named(self, client, editor):
        ada = person("ada", last_name="Lovelace", department="Legal")
        lawyers = segment("Lawyers", LEGAL)
        lawyers.always_include([ada])

        pages = [client.get(url(name, lawyers.pk)) for name in ("edit", "inspect", "history", "usage")]

        assert not any("Lovelace" in page.content.decode() for page in pages)
        assert not LookAt.objects.exists()

    def test_the_lists_of_people_stay_as_they_are(self, client, editor):
        ada = person("ada")
        lawyers = segment("Lawyers", LEGAL)
        lawyers.always_include([ada])

        client.post(url("edit", lawyers.pk), segment_data(editor, "Lawyers", IT, always_excluded=[str(ada.pk)]))

        assert list(lawyers.people()) == [ada]


class TestDelete:
    def test_deletes_what_nothing_uses(self, client, boss):
        lawyers = segment("Lawyers", LEGAL)

        client.post(url("delete", lawyers.pk))

        assert not Segment.objects.exists()
        assert ModelLogEntry.objects.filter(action="wagtail.delete").count() == 1

    def test_is_refused_with_the_places_while_in_use(self, client, boss, in_use):
        lawyers = segment("Lawyers", LEGAL)

        asked = client.get(url("delete", lawyers.pk)).content.decode()
        tried = client.post(url("delete", lawyers.pk)).content.decode()

        for page in (asked, tried):
            assert "Salary bands" in page
            assert "Yes, delete" not in page
        assert Segment.objects.exists()


class TestCategories:
    def test_are_kept_in_their_own_list(self, client, boss):
        group = Group.objects.create(name="London editors")

        client.post(
            reverse("personalize_segment_categories:add"), {"name": "Locations", "order": "1", "groups": [group.pk]}
        )

        page = client.get(reverse("personalize_segment_categories:index")).content.decode()
        assert "Locations" in page
        assert "London editors" in page
        assert list(SegmentCategory.objects.get().groups.all()) == [group]
