"""The reports of engagement: what they tell, to whom, and what they keep to themselves."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.builders import page, person, segment, user
from tests.permissions import allowed
from wagtail_personalize.engagement.models import ChannelFigures, Content, ReportingSegment, ReportLook
from wagtail_personalize.engagement.reports.registry import offered
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .figures import MONTH, TODAY, WEEK, content, figures, hour, reporting

pytestmark = pytest.mark.django_db

OVERVIEW = "/admin/reports/engagement/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(TODAY):
        yield


@pytest.fixture
def editor(client):
    someone = allowed(user("editor"), "view_figures")
    client.force_login(someone)
    return someone


@pytest.fixture
def shop_floor():
    return segment("Shop floor")


def text_of(answer):
    """What can be read, in one line."""
    assert answer.status_code == 200
    main = answer.content.decode().split("<main", 1)[-1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def report(client, name, **choices):
    return text_of(client.get(OVERVIEW + (f"{name}/" if name != "overview" else ""), choices))


def rows_of(client, name, **choices):
    """The rows of its file."""
    answer = client.get(f"{OVERVIEW}{name}/", {**choices, "export": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    return lines[1:]


class TestReports:
    def test_are_for_whoever_has_the_permission(self, client):
        client.force_login(allowed(user()))
        for name in [one.name for one in offered()]:
            url = OVERVIEW if name == "overview" else f"{OVERVIEW}{name}/"
            assert client.get(url, {"export": "csv"}).status_code == 302, name
            assert client.get(url).url == reverse("wagtailadmin_home")

    def test_stand_in_the_menu(self, client, editor):
        assert OVERVIEW in client.get(reverse("wagtailadmin_home")).content.decode()

    def test_stand_in_nobody_elses_menu(self, client):
        client.force_login(allowed(user(), "add_page"))
        assert OVERVIEW not in client.get(reverse("wagtailadmin_home")).content.decode()

    @pytest.mark.parametrize("name", [one.name for one in offered()])
    def test_say_so_where_there_is_nothing(self, client, editor, name):
        assert "Engagement" in report(client, name)

    def test_take_the_same_queries_for_many_pages_as_for_few(self, client, editor, shop_floor):
        reporting((shop_floor, 60))
        figures(viewers=100, audience=400)
        counts = []
        for number in (1, 8):
            for at in range(number):
                one = page(f"Page {number} {at}")
                figures(one, viewers=50, audience=400, views=60)
                figures(one, shop_floor, viewers=20, audience=60, views=25)
            for name in ("most-read", "segments", "formats", "sections", "compare", "searches"):
                report(client, name)  # warm
            with CaptureQueriesContext(
                connection,
            ) as queries:
                for name in ("most-read", "segments", "formats", "sections", "compare", "searches"):
                    report(client, name)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_off_is_nowhere(self, client, editor):
        with override_settings(WAGTAIL_PERSONALIZE={"MEASUREMENT": "off"}):
            assert client.get(OVERVIEW).status_code == 404


class TestLooks:
    def test_are_logged_with_their_choices_and_file(self, client, editor):
        figures(viewers=100, audience=400)
        client.get(f"{OVERVIEW}most-read/", {"q": "canteen", "export": "csv"})
        look = ReportLook.objects.get()
        assert (look.actor, look.report, look.filters, look.export) == (
            *(editor, "most-read"),
            *("q=canteen&export=csv", "csv"),
        )

    def test_have_a_report_of_their_own(self, client, editor):
        report(client, "segments")
        assert "editor segments" in report(client, "looks")

    def test_are_told_to_whoever_looked(self, client, editor):
        report(client, "segments")
        assert "Reports that you looked at" in text_of(client.get("/people/me/recorded/"))

    def test_are_deleted_after_a_year(self, editor, capsys):
        with time_machine.travel("2025-05-01"):
            ReportLook.objects.create(actor=editor, report="overview")
        call_command("purge_audit")
        assert not ReportLook.objects.exists()


class TestKeyFigures:
    def test_are_six_with_their_change(self, client, editor):
        reporting()
        figures(audience=400, viewers=200, participants=50)
        figures(audience=400, viewers=100, participants=50, start=date(2026, 4, 27))
        shown = report(client, "overview")
        for words in (
            "Reach 50 % +25 points",
            "Active people 200 +100 %",
            "Visitor → participant 25 % −25 points",
            "Interaction rate 12 %",
            "Median engaged time too few people",
            "Searches without result too few people",
        ):
            assert words in shown
        assert "of the audience; 25 % of the viewers" in shown

    def test_count_searches_and_time_where_they_happen(self, client, editor):
        reporting()
        figures(audience=400, viewers=200, searchers=40)
        figures(page("Canteen"), viewers=50, audience=400, timed_views=40, engaged_median=42)
        figures(content(Content.Type.SEARCH, "a", "canteen"), searchers=20, searches=80, searches_without_result=20)
        shown = report(client, "overview")
        assert "Median engaged time 42 s" in shown
        assert "Searches without result 25 %" in shown

    def test_stand_by_segment_and_suggest_what_to_do(self, client, editor, shop_floor):
        reporting((shop_floor, 60))
        figures(audience=400, viewers=200, participants=50)
        figures(None, shop_floor, audience=60, viewers=10, participants=10)
        hour(40, at=14, segment=shop_floor)
        hour(400, at=9)
        shown = report(client, "overview")
        assert "Shop floor was reached at 17 %, all people at 50 %; its busiest hour is 14:00." in shown

    def test_of_too_few_people_are_withheld_kindly(self, client, editor, shop_floor):
        reporting((shop_floor, 60))
        figures(audience=400, viewers=200, participants=50)
        figures(None, shop_floor, audience=60, viewers=4, participants=2)
        assert "Shop floor too few people too few people too few people" in report(client, "overview")

    def test_of_no_segment_are_told_before_the_audit(self, client, editor, shop_floor):
        ReportingSegment.objects.create(segment=shop_floor)
        figures(audience=400, viewers=200)
        figures(None, shop_floor, audience=60, viewers=30)
        shown = report(client, "overview")
        assert "not checked yet" in shown
        assert "Shop floor" not in shown

    def test_stand_on_the_first_page_of_the_admin(self, client, editor):
        reporting()
        figures(audience=400, viewers=200)
        assert "Active people 200" in text_of(client.get(reverse("wagtailadmin_home")))


class TestMostRead:
    def test_lists_pages_by_viewers(self, client, editor):
        reporting()
        figures(viewers=200, audience=400)
        figures(page("Canteen"), viewers=20, audience=400, views=33, reactions=7, participants=6)
        figures(page("Strike"), viewers=90, audience=400)
        rows = rows_of(client, "most-read")
        assert rows[0].startswith("Strike,90,")
        assert rows[1] == "Canteen,20,0.05,35,unknown,0,5"

    def test_leaves_out_what_few_people_read(self, client, editor):
        reporting()
        figures(viewers=200, audience=400)
        figures(page("Secret love"), viewers=4, audience=400)
        assert "Secret love" not in report(client, "most-read")

    def test_leaves_out_what_the_editor_may_not_know(self, client, editor):
        reporting()
        figures(viewers=200, audience=400)
        board = segment("Board")
        closed = page("Closing the plant")
        set_page_audience(closed, None, Clause.of([board]), None)
        figures(closed, viewers=90, audience=90)
        assert "Closing the plant" not in report(client, "most-read")
        assert client.get(f"{OVERVIEW}page/{closed.pk}/").status_code == 404

    def test_exports_no_formula(self, client, editor):
        reporting()
        figures(viewers=200, audience=400)
        figures(page("=cmd|' /C calc'!A0", slug="formula"), viewers=20, audience=400)
        assert rows_of(client, "most-read")[0].startswith("'=cmd")

    def test_is_a_workbook_on_request(self, client, editor):
        reporting()
        figures(viewers=200, audience=400)
        figures(page("=1+1", slug="formula"), viewers=20, audience=400)
        answer = client.get(f"{OVERVIEW}most-read/", {"export": "xlsx"})
        book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
        assert [cell.data_type for cell in book.active[2]][:2] == ["s", "n"]

    def test_is_found_by_its_title(self, client, editor):
        reporting()
        figures(viewers=200, audience=400)
        for title in ("Canteen", "Strike"):
            figures(page(title), viewers=20, audience=400)
        assert len(rows_of(client, "most-read", q="cant")) == 1


class TestOtherReports:
    @pytest.fixture(autouse=True)
    def site(self, editor):
        self.shop = segment("Shop floor")
        reporting((self.shop, 60))
        figures(viewers=200, audience=400)
        figures(None, self.shop, viewers=30, audience=60)

    def test_of_segments_begins_with_the_most_active_per_head(self, client):
        one = page("Canteen")
        figures(one, viewers=100, audience=400, views=400)
        figures(one, self.shop, viewers=30, audience=60, views=150)
        rows = rows_of(client, "segments")
        assert rows[0] == "Shop floor,60,0.5,30,0.0,2.5"
        assert rows[1].startswith("All people,400,0.5,200,")

    def test_over_time_begins_with_the_newest(self, client):
        figures(viewers=100, audience=400, start=date(2026, 4, 27))
        rows = rows_of(client, "over-time")
        assert [row.split(",")[1] for row in rows] == ["200", "100"]

    def test_of_days_is_of_all_people(self, client):
        figures(viewers=100, audience=400, start=WEEK, span="day")
        figures(None, self.shop, viewers=20, audience=60, start=WEEK, span="day")
        assert rows_of(client, "over-time", span="day", segment=self.shop.pk)[0].split(",")[1] == "100"

    def test_of_searches_tells_words_of_enough_people(self, client):
        for words, number in (("canteen", 30), ("my boss", 4)):
            found = content(Content.Type.SEARCH, words, words)
            figures(found, searchers=number, searches=number * 2, searches_without_result=number * 2)
        shown = report(client, "searches")
        assert "canteen 30 60 100 %" in shown
        assert "my boss" not in shown

    def test_of_searches_neutralises_words(self, client):
        figures(content(Content.Type.SEARCH, "x", "=1+1<script>"), searchers=30, searches=30)
        assert rows_of(client, "searches")[0].startswith("'=1+1")
        assert b"=1+1&lt;script&gt;" in client.get(f"{OVERVIEW}searches/").content

    def test_of_hours_is_rounded(self, client, editor):
        figures(viewers=200, audience=400, start=MONTH, span="month")
        hour(13, at=14)
        hour(3, at=15)
        with time_machine.travel("2026-06-03 09:00"):
            client.force_login(editor)
            assert rows_of(client, "hours") == ["14:00,15," + ",".join(["0"] * 6)]

    def test_of_formats_sums_what_was_done(self, client):
        for title in ("One", "Two"):
            figures(page(title), viewers=50, audience=400, views=60)
        assert rows_of(client, "formats") == ["Text,2,120,60,0,too few people"]

    def test_of_authors_names_owners(self, client):
        figures(page("One", owner=user("ann")), viewers=50, audience=400, views=60)
        assert rows_of(client, "authors")[0].startswith("ann,1,60")

    def test_of_mailings_tells_of_the_funnel(self, client):
        mailing = content(Content.Type.MAILING, "digest:2026-05-05", "Digest of 5 May")
        figures(mailing, mails_accepted=100, mail_clicks=25)
        assert rows_of(client, "mailings") == ["Digest of 5 May,All people,100,25,0.25"]

    def test_of_comparison_has_two_sides(self, client):
        rows = rows_of(client, "compare", segment=self.shop.pk, other_period=f"week-{WEEK}")
        assert rows[0] == "Reach,0.5,0.5"
        assert rows[1] == "Active people,30,200"

    def test_of_health_tells_of_people_and_pages(self, client):
        page("Without an owner")
        shown = report(client, "health")
        assert "Pages for everyone" in shown
        assert "Without an owner has no owner" in shown

    def test_draw_what_their_table_says(self, client):
        figures(page("Canteen"), viewers=20, audience=400)
        drawn = client.get(f"{OVERVIEW}most-read/").context["body"].charts[0].drawn
        assert json.loads(drawn)["series"] == [{"label": "Viewers", "values": [20]}]

    def test_ignore_choices_that_do_not_exist(self, client):
        for choices in ({"segment": "9" * 30, "period": "week-x"}, {"segment": "-1", "span": "x"}, {"q": "\x00"}):
            for name in ("overview", "most-read", "over-time", "compare"):
                report(client, name, **choices)


class TestWorksCouncil:
    def test_takes_away_days_hours_words_and_authors(self, client, editor):
        figures(viewers=100, audience=400, start=WEEK, span="day")
        with override_settings(WAGTAIL_PERSONALIZE={"MEASUREMENT": "works_council"}):
            for name in ("hours", "searches", "authors"):
                assert client.get(f"{OVERVIEW}{name}/").status_code == 404
            assert "There are no figures yet" in report(client, "over-time", span="day")


class TestPage:
    @pytest.fixture
    def canteen(self, shop_floor):
        reporting((shop_floor, 60))
        figures(viewers=200, audience=400)
        one = page("Canteen")
        figures(one, viewers=100, audience=400, participants=20, views=150, timed_views=120, engaged_median=75)
        figures(one, shop_floor, viewers=30, audience=60, views=40)
        return one

    def test_tells_of_its_audience(self, client, editor, canteen):
        shown = text_of(client.get(f"{OVERVIEW}page/{canteen.pk}/"))
        assert "Reach 25 % of 400 people" in shown
        assert "Median engaged time 1 min 15 s unknown for 20 % of the views" in shown
        assert "Shop floor 60 50 % 30" in shown

    def test_is_reached_from_its_header(self, client, canteen):
        boss = user("boss", is_superuser=True)
        client.force_login(boss)
        edit = client.get(reverse("wagtailadmin_pages:edit", args=[canteen.pk])).content.decode()
        assert f"{OVERVIEW}page/{canteen.pk}/" in edit
        assert "Reach of this page among its audience" in edit

    def test_has_no_button_for_others(self, client, canteen):
        client.force_login(allowed(user(), "change_page"))
        edit = client.get(reverse("wagtailadmin_explore", args=[canteen.get_parent().pk])).content.decode()
        assert f"{OVERVIEW}page/" not in edit


class TestReportingSegments:
    CHOOSE = f"{OVERVIEW}segments/choose/"

    @pytest.fixture
    def chooser(self, client):
        client.force_login(allowed(user(), "view_figures", "change_reportingsegment"))

    def test_are_chosen_and_audited_at_once(self, client, chooser, shop_floor):
        for _number in range(8):
            person(department="Shop floor")
        for _number in range(8):
            person(department="IT")
        answer = client.post(self.CHOOSE, {"segments": [shop_floor.pk]}, follow=True)
        assert "found nothing" in text_of(answer)
        assert ReportingSegment.objects.get().segment == shop_floor

    def test_that_give_somebody_away_are_named(self, client, chooser, shop_floor):
        for _number in range(8):
            person(department="Shop floor")
        for _number in range(3):
            person(department="IT")
        answer = text_of(client.post(self.CHOOSE, {"segments": [shop_floor.pk]}, follow=True))
        assert "Shop floor is not told: it differs from all people by fewer than 5 people." in answer

    def test_are_at_most_twenty(self, client, chooser):
        many = [segment(f"Segment {number}").pk for number in range(21)]
        assert "at most 20" in text_of(client.post(self.CHOOSE, {"segments": many}))
        assert not ReportingSegment.objects.exists()

    def test_are_for_whoever_may_choose_them(self, client, editor):
        assert client.post(self.CHOOSE, {"segments": []}).status_code == 302
        assert Permission.objects.filter(codename="change_reportingsegment").exists()

    def test_are_audited_every_night(self, shop_floor, capsys):
        ReportingSegment.objects.create(segment=shop_floor)
        person(department="Shop floor")
        call_command("audit_figures")
        assert "0 segments are told, 1 are not." in capsys.readouterr().out


class TestTimeOfAPage:
    def test_is_the_newest_week_in_which_enough_people_read_it(self, client, editor):
        reporting()
        for start in (WEEK, date(2026, 5, 11)):
            figures(viewers=100, audience=400, start=start)
        news = page("News")
        figures(news, viewers=50, audience=400, start=WEEK)
        figures(news, viewers=2, audience=400, start=date(2026, 5, 11))
        assert "50" in report(client, f"page/{news.pk}").split("Viewers")[1][:20]
        assert "too few people" in report(client, f"page/{news.pk}", period="week-2026-05-11").split("Viewers")[1][:40]


class TestChannels:
    def came(self, one, channel, viewers, views):
        about = content(Content.Type.PAGE, str(one.translation_key), one.title)
        ChannelFigures.objects.create(
            content=about, channel=channel, span="week", start=WEEK, viewers=viewers, views=views
        )

    def test_tell_rounded_how_often_each_led_to_pages(self, client, editor):
        reporting()
        figures(viewers=100, audience=400)
        self.came(page("One"), "digest", 20, 24)
        self.came(page("Two"), "digest", 8, 11)
        self.came(page("Three"), "", 7, 15)
        assert rows_of(client, "channels") == [
            "Digest by e-mail,35,0.7",
            "Directly,15,0.3",
        ]

    def test_keep_to_themselves_where_too_few_came_that_way(self, client, editor):
        reporting()
        figures(viewers=100, audience=400)
        self.came(page("News"), "mail", 4, 40)
        assert rows_of(client, "channels") == []

    def test_tell_nothing_of_pages_that_do_not_exist_for_the_user(self, client, editor):
        reporting()
        figures(viewers=100, audience=400)
        closed = page("Closed")
        set_page_audience(closed, None, Clause.of([segment("Others")]), None)
        self.came(closed, "mail", 50, 50)
        assert rows_of(client, "channels") == []

    def test_of_one_page_stand_in_its_report(self, client, editor):
        reporting()
        figures(viewers=100, audience=400)
        news = page("News")
        figures(news, viewers=50, audience=400)
        self.came(news, "search", 30, 40)
        assert "Search 40 100 %" in text_of(client.get(f"{OVERVIEW}page/{news.pk}/"))
