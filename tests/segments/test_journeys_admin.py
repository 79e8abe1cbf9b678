"""Journeys in the admin."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.builders import person, segment
from tests.segments.editing import editor_with
from wagtail_personalize.segments.admin.log_actions import SEGMENT_CHANGED
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.journeys.ready import make_journey
from wagtail_personalize.segments.models import Journey, PersonStage, Segment, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    someone = editor_with("add_segment", "change_segment", "delete_segment", "view_members")
    client.force_login(someone)
    return someone


def data(*stages, initial=0, **more):
    """What the browser sends: a journey with these stages."""
    sent = {"name": "Welcome", "hire_date": "hired", "stages-TOTAL_FORMS": len(stages), "stages-INITIAL_FORMS": initial}
    sent |= {"stages-MIN_NUM_FORMS": 1, "stages-MAX_NUM_FORMS": 1000}
    for number, stage in enumerate(stages):
        filled = {
            "name": "",
            "from_day": "",
            "event": "",
            "days": "",
            "ORDER": number + 1,
            "DELETE": "",
            "id": "",
        } | stage
        sent |= {f"stages-{number}-{key}": value for key, value in filled.items()}
    return sent | more


ADD = "personalize_journeys:add"
DAY_1 = {"name": "Day 1", "from_day": 0}
WEEK = {"name": "Week 1", "from_day": 1}


class TestAdding:
    def test_places_everybody(self, client, editor):
        kim = person(hired=today())
        promoted = {"name": "Promoted", "event": "promoted", "attributes": ["level", "job_title"], "days": 30}
        client.post(reverse(ADD), data(DAY_1, WEEK, promoted))
        made = Journey.objects.get()
        assert [stage.key for stage in made.stages.all()] == ["welcome/day-1", "welcome/week-1", "welcome/promoted"]
        assert made.stages.last().attributes == ["level", "job_title"]
        assert PersonStage.objects.get().person == kim

    @pytest.mark.parametrize(
        ("stages", "says"),
        [
            ([{"name": "Nothing"}], "either a day or an event"),
            ([DAY_1 | {"event": "moved", "attributes": ["office"], "days": 3}], "either a day or an event"),
            ([{"name": "Moved", "event": "moved", "days": 3}], "in which the event is seen"),
            ([{"name": "Moved", "event": "moved", "attributes": ["office"]}], "For how many days"),
            ([{"name": "Back", "event": "back", "attributes": ["office"], "days": 3}], "dates or yes/no"),
            ([{"name": "Moved", "event": "moved", "attributes": ["motto"], "days": 3}], "Select a valid choice"),
            ([{"name": "Moved", "event": "moved", "attributes": ["skills"], "days": 3}], "Select a valid choice"),
            ([DAY_1, DAY_1 | {"from_day": 3}], "Two stages have the same name"),
            ([DAY_1, WEEK | {"from_day": 0}], "Two stages begin on the same day"),
            ([DAY_1 | {"from_day": 10**9}], "too large"),
        ],
    )
    def test_refuses_what_means_nothing(self, client, editor, stages, says):
        assert says in client.post(reverse(ADD), data(*stages)).content.decode()
        assert not Journey.objects.exists()

    def test_takes_only_a_date_that_people_do_not_keep_themselves(self, client, editor):
        for name in ("birthday", "department"):
            assert "Select a valid choice" in client.post(reverse(ADD), data(DAY_1, hire_date=name)).content.decode()

    @pytest.mark.parametrize("names", [("入职", "发展"), ("Welcome", "Welcome!")])
    def test_gives_each_journey_a_short_name_of_its_own(self, client, editor, names):
        for name in names:
            client.post(reverse(ADD), data(DAY_1, name=name))
        assert sorted(Journey.objects.values_list("name", flat=True)) == sorted(names)
        assert Journey.objects.values("slug").distinct().count() == 2

    def test_gives_each_stage_a_short_name_of_its_own(self, client, editor):
        client.post(reverse(ADD), data({"name": "第一天", "from_day": 0}, {"name": "第二天", "from_day": 1}))
        assert [stage.slug for stage in Stage.objects.order_by("from_day")] == ["stage", "stage-2"]

    def test_needs_the_permission_to_add_segments(self, client):
        client.force_login(editor_with("change_segment"))
        client.post(reverse(ADD), data(DAY_1))
        assert not Journey.objects.exists()


@pytest.fixture
def welcome(db):
    return make_journey("Welcome", "hired", moved=["office"], promoted=["level", "job_title"], leaving=["remote"])


class TestPage:
    def test_counts_the_people_of_each_stage(self, client, editor, welcome, django_assert_max_num_queries):
        person(hired=today() - timedelta(days=3))
        url = reverse("personalize_journeys:edit", args=[welcome.pk])
        client.get(url)
        with django_assert_max_num_queries(22):
            page = client.get(url).content.decode()
        assert "1 person" in page

    def test_rounds_for_those_who_may_not_see_members(self, client, welcome):
        client.force_login(editor_with("change_segment"))
        page = client.get(reverse("personalize_journeys:edit", args=[welcome.pk])).content.decode()
        assert "fewer than 5 people" in page
        assert "Make a segment of" not in page

    def test_counts_as_one_of_the_few_live_sizes(self, client, welcome, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "LIVE_SIZES": 1}
        client.force_login(editor_with("change_segment"))
        client.get(reverse("personalize_journeys:edit", args=[welcome.pk]))
        page = client.get(reverse("personalize_journeys:edit", args=[welcome.pk])).content.decode()
        assert "fewer than 5 people" not in page
        assert "asked for many sizes" in page

    def test_makes_a_draft_of_a_stage_for_those_who_may_not_publish(self, client, editor, welcome):
        person(hired=today())
        client.post(reverse("personalize_journeys:make_segment", args=[welcome.stages.get(slug="day-1").pk]))
        made = Segment.objects.get()
        assert (made.live, made.size()) == (False, 0)

    def test_makes_a_segment_of_a_stage(self, client, welcome):
        client.force_login(editor_with("add_segment", "publish_segment"))
        kim = person(hired=today())
        stage = welcome.stages.get(slug="day-1")
        client.post(reverse("personalize_journeys:make_segment", args=[stage.pk]))
        made = Segment.objects.get()
        assert (made.name, made.slug, list(made.people())) == ("Welcome: Day 1", "welcome-day-1", [kim])

    def test_makes_none_for_those_who_may_not(self, client, welcome):
        client.force_login(editor_with("change_segment"))
        answer = client.post(reverse("personalize_journeys:make_segment", args=[welcome.stages.first().pk]))
        assert answer.status_code in (302, 403)
        assert not Segment.objects.exists()

    def test_keeps_a_journey_whose_stages_segments_ask_for(self, client, editor, welcome):
        segment("Week", {"all": [{"operator": "in_stage", "value": ["welcome/first-week"]}]})
        url = reverse("personalize_journeys:delete", args=[welcome.pk])
        assert "cannot be deleted while segments ask" in client.get(url).content.decode()
        client.post(url)
        assert Journey.objects.exists()

    def test_keeps_a_stage_that_segments_ask_for(self, client, editor, welcome):
        segment("Day", {"all": [{"operator": "in_stage", "value": ["welcome/day-1"]}]})
        day, week = welcome.stages.get(slug="day-1"), welcome.stages.get(slug="first-week")
        rows = [
            {"name": day.name, "from_day": 0, "id": day.pk, "DELETE": "on"},
            {"name": week.name, "from_day": 1, "id": week.pk},
        ]
        url = reverse("personalize_journeys:edit", args=[welcome.pk])
        assert "cannot be removed while segments ask" in client.post(url, data(*rows, initial=2)).content.decode()

    def test_keeps_the_short_name_of_a_stage_that_is_renamed(self, client, editor, welcome):
        day = welcome.stages.get(slug="day-1")
        url = reverse("personalize_journeys:edit", args=[welcome.pk])
        client.post(url, data({"name": "First day", "from_day": 0, "id": day.pk}, initial=1))
        day.refresh_from_db()
        assert (day.name, day.slug) == ("First day", "day-1")

    def test_lists_journeys(self, client, editor, welcome, django_assert_max_num_queries):
        client.get(reverse("personalize_journeys:index"))
        with django_assert_max_num_queries(12):
            assert "Welcome" in client.get(reverse("personalize_journeys:index")).content.decode()


def asked(page):
    """The token of the question, if there is one."""
    found = re.search(r'name="confirmed-impact" value="(\w+)"', page)
    return found and found.group(1)


class TestPublishedSegments:
    """A stage is part of the rules that ask for it."""

    @pytest.fixture
    def veterans(self, welcome):
        for _number in range(10):
            person(hired=today() - timedelta(days=400))
        asking = segment("Veterans", {"all": [{"operator": "in_stage", "value": ["welcome/veteran"]}]})
        segment("Friends", {"all": [{"operator": "in_segment", "value": asking.slug}]})
        return asking

    def post(self, client, welcome, day=5000, name="Veteran", **more):
        first, last = welcome.stages.get(slug="day-1"), welcome.stages.get(slug="veteran")
        rows = [{"name": first.name, "from_day": 0, "id": first.pk}, {"name": name, "from_day": day, "id": last.pk}]
        url = reverse("personalize_journeys:edit", args=[welcome.pk])
        return client.post(url, data(*rows, initial=2, **more)).content.decode()

    def test_change_only_by_those_who_may_publish(self, client, welcome, veterans):
        client.force_login(editor_with("change_segment", "view_members"))
        assert "Only who may publish" in self.post(client, welcome)
        assert veterans.size() == 10

    def test_let_everybody_rename_a_stage(self, client, welcome, veterans):
        client.force_login(editor_with("change_segment"))
        self.post(client, welcome, day=365, name="Old hand")
        assert welcome.stages.get(slug="veteran").name == "Old hand"

    def test_change_much_only_when_confirmed(self, client, welcome, veterans):
        client.force_login(editor_with("change_segment", "publish_segment", "view_members"))
        page = self.post(client, welcome)
        assert "Veterans: +0 / −10, 10 members now" in page
        assert "Friends: +0 / −10" in page
        assert veterans.size() == 10
        self.post(client, welcome, **{"confirmed-impact": asked(page)})
        assert veterans.size() == 0

    def test_tell_of_it_in_their_history(self, client, welcome, veterans):
        editor = editor_with("change_segment", "publish_segment", "view_members")
        client.force_login(editor)
        self.post(client, welcome, day=366)
        url = reverse("personalize_segments:history", args=[veterans.pk])
        assert "the stages of the journey “Welcome”" in client.get(url).content.decode()
        assert {
            entry.user_id for entry in ModelLogEntry.objects.filter(object_id=veterans.pk, action=SEGMENT_CHANGED)
        } == {editor.pk}

    def test_change_a_little_without_a_question(self, client, welcome, veterans):
        client.force_login(editor_with("change_segment", "publish_segment", "view_members"))
        assert asked(self.post(client, welcome, day=366)) is None
        assert welcome.stages.get(slug="veteran").from_day == 366

    @pytest.mark.parametrize("forged", ["yes", "", "0" * 64])
    def test_take_no_made_up_answer(self, client, welcome, veterans, forged):
        client.force_login(editor_with("change_segment", "publish_segment", "view_members"))
        assert asked(self.post(client, welcome, **{"confirmed-impact": forged}))
        assert veterans.size() == 10

    def test_take_no_answer_to_another_question(self, client, welcome, veterans):
        client.force_login(editor_with("change_segment", "publish_segment"))
        other = asked(self.post(client, welcome, day=4000))
        assert asked(self.post(client, welcome, day=5000, **{"confirmed-impact": other}))
        assert veterans.size() == 10

    def test_tell_no_figures_to_those_who_may_not_see_members(self, client, welcome, veterans):
        client.force_login(editor_with("change_segment", "publish_segment"))
        page = self.post(client, welcome, day=366)
        assert "You may not see how many" in page
        assert "Veterans" in page
        assert "members now" not in page

    def test_come_back_with_a_journey_only_by_those_who_may_publish(self, client):
        segment("Day 1", {"all": [{"operator": "in_stage", "value": ["welcome/day-1"]}]})
        person(hired=today())
        client.force_login(editor_with("add_segment"))
        assert "Only who may publish" in client.post(reverse(ADD), data(DAY_1)).content.decode()
        assert not Journey.objects.exists()


class TestReadyMade:
    def test_is_made_once(self, welcome):
        assert make_journey("Welcome", "hired") == welcome
        assert [stage.slug for stage in welcome.stages.order_by("sort_order")] == [
            *("before-the-first-day", "day-1", "first-week", "first-90-days", "first-year", "veteran"),
            *("leaving", "moved", "promoted"),
        ]

    def test_stages_stand_in_the_rule_builder(self, client, editor, welcome):
        assert "Is in the journey stage" in client.get(reverse("personalize_segments:add")).content.decode()
        found = client.get(reverse("personalize_segments:values"), {"source": "condition.in_stage", "q": "week"})
        assert found.json()["values"] == [{"value": "welcome/first-week", "label": "Welcome: First week"}]
