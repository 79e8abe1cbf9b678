"""New colleagues, Do you know?, birthdays and anniversaries, as people see them and choose about them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import page, person, segment, undo, user
from tests.intranet.models import Office
from tests.streams.subscribing import choose
from tests.streams.test_following_pages import rendered, text
from tests.streams.test_hashtag_page import signed_in
from wagtail_personalize.people.appearing.checks import check_appearing
from wagtail_personalize.people.appearing.models import Appearance
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.models import ReportingLine
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.rules.calendar import years_ago
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.blocks import AnniversariesBlock, BirthdaysBlock, DoYouKnowBlock, NewColleaguesBlock
from wagtail_personalize.streams.models import WidgetFilter
from wagtail_personalize.streams.people_widgets.acquaintances import acquaintances
from wagtail_personalize.streams.people_widgets.lists import anniversaries, birthdays, new_colleagues
from wagtail_personalize.streams.people_widgets.who import segment_choices
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.subscribing.shortcuts import add_shortcut

pytestmark = pytest.mark.django_db

TAGS = "{% load personalize_tags %}{% new_colleagues %}{% do_you_know %}{% birthdays %}{% anniversaries %}"
_IS_IT = {"operator": "is", "value": "IT"}
EDIT = "/people/me/edit/"


@pytest.fixture
def me():
    return person("me", department="IT", skills=["Welding"], hired=date(2020, 5, 4))


def names(told):
    return [one.person.user.username for one in told]


def reasons(told):
    return {one.person.user.username: one.text for one in told}


def colleague(username, *, days=None, tells=(), stays_out=False, **profile):
    """Somebody who began ``days`` ago and who says yes to what ``tells`` names."""
    if days is not None:
        profile["hired"] = today() - timedelta(days=days)
    someone = person(username, **profile)
    if tells or stays_out:
        Appearance.objects.create(person=someone, stays_out=stays_out, **dict.fromkeys(tells, True))
    return someone


def new(viewer, days=30, number=5, segment=""):
    return names(new_colleagues(Viewer.for_person(viewer), days, number, segment))


class TestNewColleagues:
    def test_are_those_who_began_lately_the_newest_first(self, me):
        for days in (30, 31, 3, -1):
            colleague(f"days{days}", days=days)
        assert new(me) == ["days3", "days30"]
        assert new(me, days=40, number=1) == ["days3"]

    def test_never_are_people_who_left_or_stay_out(self, me):
        colleague("left", days=1, active=False)
        colleague("out", days=1, stays_out=True)
        assert new(me) == []

    def test_are_for_who_is_signed_in_as_the_directory_is(self, me):
        colleague("fresh", days=1, first_name="Fresh")
        assert "Fresh" in rendered(TAGS, me)
        assert "Fresh" in rendered(TAGS, user())
        assert rendered(TAGS, None).strip() == ""


class TestSegments:
    def test_narrow_a_widget_down(self, me):
        colleague("finance", days=1, department="Finance")
        colleague("it", days=1, department="IT")
        assert new(me, segment=str(segment("Finance").uuid)) == ["finance"]

    def test_show_nobody_when_they_are_gone_or_drafts(self, me):
        colleague("it", days=1, department="IT")
        draft, gone = segment("IT"), segment("Also IT", {"all": [{"attribute": "department", **_IS_IT}]})
        undo(draft)
        gone.delete()
        assert [new(me, segment=text) for text in (str(draft.uuid), str(gone.uuid), "x")] == [[], [], []]

    def test_tell_nothing_that_profiles_do_not(self, me):
        rule = {"all": [{"attribute": "birthday", "operator": "anniversary_within", "value": 300, "unit": "days"}]}
        secret = segment("Birthdays", rule)
        colleague("born", days=1, birthday=date(2000, today().month, 1))
        assert new(me, segment=str(secret.uuid)) == []
        assert [label for _uuid, label in segment_choices()] == []

    def test_never_show_who_was_put_there_by_name(self, me):
        finance, named = segment("Finance"), colleague("named", days=1, department="IT")
        colleague("finance", days=1, department="Finance")
        finance.always_include([named])
        assert new(me, segment=str(finance.uuid)) == ["finance"]


class TestBirthdays:
    def test_are_told_of_those_who_said_yes(self, me):
        born = date(2000, today().month, today().day)
        colleague("yes", birthday=born, tells=["shows_birthday"])
        colleague("other", birthday=born, tells=["shows_anniversary"])
        colleague("silent", birthday=born)
        colleague("out", birthday=born, tells=["shows_birthday"], stays_out=True)
        told = birthdays(Viewer.for_person(me), 5)
        assert reasons(told) == {"yes": "today"}
        assert told[0].is_today

    def test_are_those_of_the_week_around_today_over_new_year(self, me, time_machine):
        time_machine.move_to(datetime(2026, 12, 31, 12, tzinfo=UTC))
        for day in ("12-27", "12-28", "12-31", "01-01", "01-03", "01-04"):
            colleague(day, birthday=date.fromisoformat(f"2000-{day}"), tells=["shows_birthday"])
        told = birthdays(Viewer.for_person(me), 9)
        assert names(told) == ["12-31", "01-01", "01-03", "12-28"]
        assert reasons(told) == {"12-31": "today", "01-01": "tomorrow", "01-03": "January 3", "12-28": "December 28"}

    @pytest.mark.parametrize(("year", "day"), [(2027, "today"), (2028, "tomorrow")])
    def test_count_the_29th_of_february_as_the_28th_in_other_years(self, me, time_machine, year, day):
        time_machine.move_to(datetime(year, 2, 28, 12, tzinfo=UTC))
        colleague("leap", birthday=date(2000, 2, 29), tells=["shows_birthday"])
        assert reasons(birthdays(Viewer.for_person(me), 5)) == {"leap": day}

    def test_begin_with_the_day_of_the_site(self, me, settings, time_machine):
        settings.TIME_ZONE = "Europe/Amsterdam"
        time_machine.move_to(datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
        colleague("june2", birthday=date(2000, 6, 2), tells=["shows_birthday"])
        assert reasons(birthdays(Viewer.for_person(me), 5)) == {"june2": "today"}


class TestAnniversaries:
    def test_say_how_many_years_it_is_and_not_before_the_first(self, me):
        for years in (0, 1, 5):
            colleague(f"years{years}", hired=years_ago(today(), years), tells=["shows_anniversary"])
        colleague("silent", hired=years_ago(today(), 3))
        told = reasons(anniversaries(Viewer.for_person(me), 5))
        assert told == {"years1": "1 year: today", "years5": "5 years: today"}


class TestDoYouKnow:
    def test_says_what_colleagues_have_in_common(self, me):
        Office.objects.create(code="U", city="Utrecht")
        me.staff.office = Office.objects.get()
        me.staff.save()
        colleague("welder", skills=["Welding", "Dutch"])
        colleague("near", office="U")
        colleague("joined", hired=date(2020, 5, 31))
        colleague("stranger", hired=date(2020, 6, 1))
        told = reasons(acquaintances(Viewer.for_person(me), 5))
        assert told == {
            "welder": "shares the skill Welding",
            "near": "also in Utrecht · in Utrecht, too",
            "joined": "joined in the same month",
        }

    def test_leaves_out_oneself_and_whom_one_follows_left_leads_or_reports_to(self, me):
        for name, level in (("followed", Level.NORMAL), ("left", Level.OFF)):
            someone = colleague(name, skills=["Welding"])
            choose(me, someone)
            choose(me, someone, level)
        ReportingLine.objects.create(manager=colleague("boss", skills=["Welding"]), person=me, depth=1)
        ReportingLine.objects.create(manager=me, person=colleague("report", skills=["Welding"]), depth=1)
        colleague("out", skills=["Welding"], stays_out=True)
        colleague("gone", skills=["Welding"], active=False)
        assert acquaintances(Viewer.for_person(me), 5) == []

    def test_shows_others_on_another_day(self, me, time_machine):
        for number in range(6):
            colleague(f"welder{number}", skills=["Welding"])
        seen = set()
        for day in (1, 2, 3):
            time_machine.move_to(datetime(2026, 6, day, 12, tzinfo=UTC))
            seen |= set(names(acquaintances(Viewer.for_person(me), 2)))
        assert len(seen) == 6

    def test_has_nothing_to_say_without_a_profile(self):
        colleague("welder", skills=["Welding"])
        assert acquaintances(Viewer.for_person(user()), 5) == []
        assert acquaintances(Viewer.anonymous(), 5) == []


class TestOwnFilter:
    @pytest.fixture(autouse=True)
    def directory(self, monkeypatch):
        monkeypatch.setattr(get_declaration(), "directory", ["department", "office"])

    def test_is_remembered_and_taken_back_without_javascript(self, me):
        colleague("finance", days=1, department="Finance")
        colleague("it", days=1, department="IT")
        client, address = signed_in(me), reverse("wagtail_personalize:widget_filter", args=["new"])
        assert "Finance" in text(client, f"{address}?next=/people/me/")
        form = {"department": "finance", "next": "/people/me/"}
        assert client.post(address, form)["Location"] == "/people/me/"
        assert new(me) == ["finance"]
        assert "Only: Finance" in rendered("{% load personalize_tags %}{% new_colleagues %}", me)
        assert sorted(new(person())) == ["finance", "it"]
        client.post(address, {"everybody": "1", "department": "finance"})
        assert len(new(me)) == 2

    def test_takes_nothing_else(self, me):
        client = signed_in(me)
        address = reverse("wagtail_personalize:widget_filter", args=["new"])
        assert client.post(address, {"department": "Nothing such"}).status_code == 200
        assert client.post(address, {"birthday": "2000-01-01", "next": "//evil.example/"})["Location"] == "/"
        assert not WidgetFilter.objects.exists()
        assert client.get(reverse("wagtail_personalize:widget_filter", args=["other"])).status_code == 404
        assert Client().get(address)["Location"].startswith("/login/")

    def test_is_not_told_to_who_previews(self, me):
        WidgetFilter.objects.create(person=me, widget="new", attribute="department", value="finance")
        colleague("it", days=1, department="IT")
        assert names(new_colleagues(Viewer.for_person(me, is_preview=True), 30, 5)) == ["it"]


class TestOwnChoice:
    def test_stands_on_the_own_profile(self, me):
        client = signed_in(me)
        assert "Leave me out of all lists of colleagues" in text(client, EDIT)
        client.post(EDIT, {"appear_stays_out": "on", "appear_shows_birthday": "on"})
        chosen = Appearance.objects.get(person=me)
        assert (chosen.stays_out, chosen.shows_birthday, chosen.shows_anniversary) == (True, True, False)
        client.post(EDIT, {})
        assert not Appearance.objects.get(person=me).stays_out

    def test_is_told_among_what_is_recorded_and_goes_with_the_person(self, me):
        Appearance.objects.create(person=me, shows_birthday=True)
        WidgetFilter.objects.create(person=me, widget="new", attribute="department", value="finance")
        page = text(signed_in(me), "/people/me/recorded/")
        assert "Tell colleagues when it is my birthday" in page
        assert "finance" in page
        me.delete()
        assert not Appearance.objects.exists()
        assert not WidgetFilter.objects.exists()


class TestBlocks:
    def test_show_what_editors_set(self, me):
        colleague("finance", days=50, department="Finance", first_name="Fin")
        block = NewColleaguesBlock()
        value = block.to_python({"heading": "Welcome", "segment": str(segment("Finance").uuid), "days": 60})
        html = block.render(value, _context(me))
        assert "Welcome" in html
        assert "Fin" in html
        assert block.get_api_representation(value) is None

    def test_tell_the_editor_what_the_declaration_lacks(self, monkeypatch):
        monkeypatch.setattr(get_declaration(), "hired", None)
        monkeypatch.setattr(get_declaration(), "birthday", None)
        monkeypatch.setattr(get_declaration(), "in_common", {})
        for block in (NewColleaguesBlock(), BirthdaysBlock(), DoYouKnowBlock(), AnniversariesBlock()):
            with pytest.raises(ValidationError, match="declaration"):
                block.clean(block.to_python({}))

    def test_may_stand_twice_on_a_page_without_sharing_an_id(self, me):
        colleague("ada", days=1)
        topic = page("Topic")
        choose(me, topic)
        add_shortcut(me.pk, source_for(name_of(topic)).pk)
        twice = "{% my_shortcuts %}{% follow_button page %}{% my_news %}{% recommended_pages %}{% interests_prompt %}"
        html = rendered(TAGS + TAGS.partition("}")[2] + twice * 2, me, page=topic)
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) >= 8
        assert len(ids) == len(set(ids))

    def test_ask_for_no_list_of_segments_to_be_read(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            NewColleaguesBlock().bulk_to_python([{"segment": "not-there"}, {"heading": "x"}])

    def test_cost_as_many_queries_with_many_people(self, me):
        born = date(2000, today().month, today().day)

        def more(number):
            for _ in range(number):
                skills, tells = ["Welding"], ["shows_birthday", "shows_anniversary"]
                colleague(None, days=1, birthday=born, skills=skills, tells=tells)

        def queries():
            with CaptureQueriesContext(connection) as context:
                assert "wp-colleagues__one" in rendered(TAGS, me)
            return len(context)

        more(1)
        queries()
        few = queries()
        more(8)
        assert queries() == few


class TestCheck:
    def test_finds_what_does_not_fit(self, monkeypatch):
        declaration = get_declaration()
        assert list(check_appearing(declaration)) == []
        monkeypatch.setattr(declaration, "hired", "department")
        monkeypatch.setattr(declaration, "birthday", "nothing")
        monkeypatch.setattr(declaration, "in_common", {"birthday": "x", "level": "x"})
        assert [message.id for message in check_appearing(declaration)] == ["personalize_people.E023"] * 4


def _context(someone):
    request = RequestFactory().get("/")
    request.user = someone
    return {"request": request}
