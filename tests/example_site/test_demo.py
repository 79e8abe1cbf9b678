"""The demonstration: it loads, its personas see different things, and it keeps its own rules."""

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page, Revision

from example_site.demo import staffing
from example_site.demo.pictures import SCENES, draw
from example_site.demo.staffing import Staffing
from example_site.home.models import NewsPage, StartPage
from example_site.personas.personas import PERSONAS
from tests.people.importers import Wizard
from wagtail_personalize.communities.comments.models import Comment, State
from wagtail_personalize.people.employees.models import EmployeeProfile
from wagtail_personalize.people.importing.mapping.definition import load_mapping
from wagtail_personalize.people.importing.run import import_people
from wagtail_personalize.people.importing.sources.formats import source_for
from wagtail_personalize.people.models import ImportMapping
from wagtail_personalize.segments.admin.charts import size_chart
from wagtail_personalize.segments.models import Membership, PastMembership, Segment
from wagtail_personalize.segments.refresh import check

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a new rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]

KEYS = [persona.key for persona in PERSONAS]
MANAGEMENT = "/handbook/management/"


def main_of(response):
    """What stands in the page itself, without frame and switcher."""
    return re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]


def counts():
    """How much there is of everything that the loader makes."""
    models = (get_user_model(), EmployeeProfile, EmployeeProfile.skills.through, Segment, Membership, Page, Revision)
    return {model.__name__: model.objects.count() for model in models}


class TestLoading:
    def test_makes_about_250_people_and_twelve_segments_or_more(self):
        assert 240 <= EmployeeProfile.objects.filter(user__is_active=True).count() <= 270
        assert Segment.objects.count() >= 12

    def test_leaves_no_segment_empty_or_broken(self):
        for segment in Segment.objects.all():
            assert not segment.broken, segment.broken
            assert segment.memberships.exists(), f"{segment} is empty"

    def test_stores_the_memberships_that_the_rules_mean(self):
        assert check() == []

    def test_may_run_twice(self):
        before = counts()
        call_command("load_demo", verbosity=0)
        assert counts() == before

    def test_leaves_alone_what_an_editor_changed(self):
        page = Page.objects.get(slug="tarn-9-launch").specific
        page.title = "Changed by hand"
        page.save_revision(user=get_user_model().objects.get(username="marieke.jansen")).publish()
        call_command("load_demo", verbosity=0)
        assert Page.objects.get(pk=page.pk).title == "Changed by hand"

    def test_refuses_outside_the_demonstration(self, settings):
        settings.DEMO = False
        with pytest.raises(CommandError, match="DEMO is off"):
            call_command("load_demo")

    def test_gives_a_password_to_the_personas_and_the_administrator_only(self):
        can_sign_in = {user.username for user in get_user_model().objects.all() if user.has_usable_password()}
        assert can_sign_in == {"admin", *(persona.username for persona in PERSONAS if persona.username)}


class TestHrFile:
    def test_that_comes_with_it_can_be_imported(self, tmp_path):
        folder = Path(staffing.__file__).parent / "hr"
        call_command(
            "import_people", folder / "changes.csv", mapping=folder / "mapping.toml", errors=tmp_path / "errors.csv"
        )
        assert not (tmp_path / "errors.csv").exists()
        night = Segment.objects.get(slug="production-night-shift")
        assert night.memberships.filter(person__username="paul.kramer").exists()
        assert check() == []

    def test_says_the_same_as_json(self, tmp_path):
        folder = Path(staffing.__file__).parent / "hr"
        rules = load_mapping(folder / "mapping.toml")
        results = [
            import_people(source_for(folder / name), rules, dry_run=True, error_path=tmp_path / "errors.csv")
            for name in ("changes.csv", "changes.jsonl")
        ]
        assert results[0].counts == results[1].counts
        assert results[0].counts.new == 2

    def test_can_be_imported_in_the_admin_with_the_mapping_that_is_saved(
        self, client, django_capture_on_commit_callbacks
    ):
        client.force_login(get_user_model().objects.get(username="marieke.jansen"))
        wizard = Wizard(client, django_capture_on_commit_callbacks)
        content = (Path(staffing.__file__).parent / "hr" / "changes.csv").read_bytes()
        wizard.upload(content, saved=ImportMapping.objects.get(name="Tarnwell HR system").pk)
        wizard.columns()
        assert wizard.last.preview["counts"]["new"] == 2
        wizard.confirm()
        assert wizard.last.run.state == "finished"


class TestStaffing:
    def test_is_the_same_every_time(self):
        today = timezone.localdate()
        assert Staffing(today).people == Staffing(today).people

    @pytest.mark.parametrize("month", range(12))
    def test_always_has_new_joiners_and_anniversaries(self, month):
        today = timezone.localdate() + timedelta(days=30 * month)
        people = Staffing(today).people
        assert sum((today - person.hired).days <= 90 for person in people) >= 8
        assert sum(person.hired.month == today.month and person.hired.year < today.year for person in people) >= 5

    def test_gives_everybody_but_the_head_a_manager_who_ranks_higher(self):
        first, *others = Staffing(timezone.localdate()).people
        assert first.manager is None
        assert all(person.manager.level > person.level for person in others)


class TestPictures:
    @pytest.mark.parametrize("name", sorted(SCENES))
    def test_need_neither_style_nor_script(self, name):
        drawing = draw(name)
        assert "style" not in drawing
        assert "<script" not in drawing


#: What the start page asks the database, with the favourites and all the widgets; six of an editor are Wagtails own.
MOST_QUERIES = {"guest": 18, "joiner": 64, "shift": 69, "head": 76, "editor": 75}


class TestStartPage:
    @pytest.mark.parametrize("persona", KEYS)
    def test_answers_every_persona(self, visit, persona):
        assert visit(persona).status_code == 200

    @pytest.mark.parametrize(
        ("persona", "favourite", "below"), [("shift", "Handbook", "/handbook/"), ("head", "#customers", "/news/")]
    )
    def test_shows_what_is_new_in_favourites(self, visit, persona, favourite, below):
        shown = main_of(visit(persona)).partition("wp-favourites")[2]
        assert favourite in shown.partition("</h3>")[0]
        assert below in shown.partition("</h3>")[2].partition("</section>")[0]

    @pytest.mark.parametrize("persona", KEYS)
    def test_asks_the_database_no_more_than_it_must(self, visit, persona, django_assert_max_num_queries, client):
        visit(persona)
        with django_assert_max_num_queries(MOST_QUERIES[persona]):
            client.get("/")

    def test_is_another_one_for_each_of_five(self, visit):
        pages = {persona: re.sub(r"csrfmiddlewaretoken.*", "", main_of(visit(persona))) for persona in KEYS}
        assert len(set(pages.values())) == len(KEYS)

    def test_greets_by_first_name(self, visit):
        assert "Lena</h1>" in main_of(visit("joiner"))

    def test_shows_notices_to_those_concerned(self, visit):
        welcome, premium = "Your welcome day", "Night premium"
        joiner, shift = main_of(visit("joiner")), main_of(visit("shift"))
        assert welcome in joiner
        assert premium not in joiner
        assert premium in shift
        assert welcome not in shift

    def test_leads_with_news_for_me(self, visit):
        for persona, slug in (("joiner", "welcome-days"), ("shift", "line-3-utrecht"), ("head", "leadership-day")):
            first = re.search(r"/news/([\w-]+)/\">", main_of(visit(persona)).partition("my-news")[2])
            assert first[1] == slug

    def test_tells_a_guest_no_names(self, visit):
        text = main_of(visit("guest"))
        assert "wp-colleagues" not in text
        assert "portrait" not in text

    def test_shows_colleagues_and_what_is_recommended(self, visit):
        text = main_of(visit("head"))
        assert {"new", "known", "birthdays", "anniversaries"} <= set(re.findall(r"wp-colleagues--(\w+)", text))
        assert "Recommended to: " in text

    def test_has_news_to_listen_to_and_to_look_at(self, visit):
        assert "How quiet is quiet?" in main_of(visit("head", "/people/news/?format=audio"))
        assert "A day on line 3" in main_of(visit("head", "/people/news/?format=pictures"))
        assert "<audio" in main_of(visit("head", "/news/how-quiet-is-quiet/"))

    def test_must_not_be_shared(self, visit):
        response = visit("joiner")
        assert "private" in response["Cache-Control"]
        assert "Cookie" in response["Vary"]

    def test_shows_two_places_their_own_card(self, visit):
        assert 'id="my-place"><a href="/locations/munich/"' in main_of(visit("joiner"))
        assert 'id="my-place"><a href="/locations/utrecht/"' in main_of(visit("shift"))


class TestManagementSection:
    @pytest.mark.parametrize("path", [MANAGEMENT, f"{MANAGEMENT}budget-round/", "/news/leadership-day/"])
    def test_is_open_to_the_head_missing_for_the_shift_and_asks_a_guest_to_sign_in(self, visit, path):
        assert visit("head", path).status_code == 200
        assert visit("shift", path).status_code == 404
        response = visit("guest", path)
        assert response.status_code == 302
        assert response["Location"].startswith("/login/")

    def test_stands_in_no_list_of_others(self, visit):
        for path in ("/handbook/", "/news/", "/search/?q=leadership", "/search/?q=budget", "/"):
            text = main_of(visit("shift", path))
            assert MANAGEMENT not in text
            assert "leadership-day" not in text

    def test_stands_in_the_lists_of_managers(self, visit):
        assert f"{MANAGEMENT}hiring/" in main_of(visit("head", "/handbook/"))
        assert "leadership-day" in main_of(visit("head", "/search/?q=leadership"))


class TestPages:
    @pytest.mark.parametrize("persona", ["editor", "guest"])
    def test_all_answer(self, visit, persona):
        visit(persona)
        for page in Page.objects.live().filter(depth__gt=1).specific():
            response = visit(persona, page.url)
            assert response.status_code in ({200, 302} if persona == "guest" else {200}), page.url

    @pytest.mark.parametrize(
        "path", ["/", "/news/tarn-9-launch/", "/handbook/", "/login/", "/search/", "/people/directory/", "/people/me/"]
    )
    def test_have_nothing_inline_and_a_strict_policy(self, visit, path):
        response = visit("joiner", path) if path != "/login/" else visit("guest", path)
        assert response.status_code == 200
        text = response.content.decode()
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=\"", text)
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]

    def test_of_the_admin_have_terms_of_their_own(self, visit):
        response = visit("editor", "/admin/")
        assert response.status_code == 200
        assert "Content-Security-Policy" not in response

    def test_that_do_not_exist_say_so_nicely(self, visit):
        response = visit("joiner", "/nothing/here/")
        assert response.status_code == 404
        assert "This page is not here" in response.content.decode()

    def test_of_the_start_need_few_queries(self, visit, client, django_assert_max_num_queries):
        visit("joiner")
        with django_assert_max_num_queries(95):
            client.get("/")


class TestNews:
    def test_by_topic_leave_out_other_topics(self, visit):
        text = main_of(visit("joiner", "/news/?topic=it"))
        assert "/news/second-factor/" in text
        assert "/news/half-year/" not in text

    def test_say_on_their_cards_how_many_comments_there_are(self, visit):
        key = NewsPage.objects.get(slug="tarn-9-launch").translation_key
        said = Comment.objects.filter(translation_key=key, state=State.VISIBLE).count()
        card = main_of(visit("joiner", "/news/")).split("/news/tarn-9-launch/")[1].split("</article>")[0]
        assert said > 1
        assert f"{said} comments" in card

    def test_are_dated_from_today(self):
        assert timezone.now() - NewsPage.objects.latest("published").published < timedelta(days=2)


class TestPeople:
    def test_are_for_those_who_are_signed_in(self, visit):
        assert visit("guest", "/people/directory/").status_code == 302
        assert visit("joiner", "/people/directory/").status_code == 200

    def test_can_be_filtered(self, visit):
        assert "Imogen Clarke" in main_of(visit("joiner", "/people/directory/?q=imogen&location=london"))
        assert "Nobody found" in main_of(visit("joiner", "/people/directory/?q=imogen&location=munich"))

    def test_who_left_are_not_found(self, visit):
        former = EmployeeProfile.objects.filter(user__is_active=False).first()
        assert former is not None
        assert visit("joiner", f"/people/person/{former.user_id}/").status_code == 404


class TestPersonaSwitcher:
    def test_says_who_one_is(self, visit):
        assert re.search(r'value="shift" aria-pressed="true"', visit("shift").content.decode())

    def test_asks_for_a_post_with_a_token(self, client):
        assert client.get("/personas/become/", {"persona": "editor"}).status_code == 405
        strict = type(client)(enforce_csrf_checks=True)
        assert strict.post("/personas/become/", {"persona": "editor"}).status_code == 403

    def test_knows_only_its_personas(self, client):
        assert client.post("/personas/become/", {"persona": "admin"}).status_code == 404

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
    def test_never_leads_elsewhere(self, client, target):
        response = client.post("/personas/become/", {"persona": "guest", "next": target})
        assert response["Location"] == "/"

    def test_is_gone_outside_the_demonstration(self, client, settings):
        settings.DEMO = False
        assert client.post("/personas/become/", {"persona": "editor"}).status_code == 404
        assert "demo-bar" not in client.get("/").content.decode()


class TestEditor:
    def test_may_edit_the_start_page_and_its_segments(self, visit):
        start = StartPage.objects.get(slug="intranet")
        assert visit("editor", f"/admin/pages/{start.pk}/edit/").status_code == 200

    @pytest.mark.parametrize("view", ["segments", "personas", "announcements", "hashtags", "landing-pages", "imports"])
    def test_may_look_after_everything_in_the_menu(self, visit, view):
        assert visit("editor", f"/admin/personalize/{view}/").status_code == 200

    def test_is_not_somebody_else(self, visit):
        assert visit("joiner", "/admin/").status_code == 302


def test_the_files_of_the_demonstration_hold_no_text_for_filling():
    texts = (Path(staffing.__file__).parent / "content").rglob("*.md")
    assert not [file.name for file in texts if "lorem" in file.read_text(encoding="utf-8").lower()]


class TestHistory:
    def test_lets_the_charts_show_a_year(self):
        chart = size_chart(Segment.objects.get(slug="employees"), exact=True)

        heights = [point.height for point in chart.points]
        assert len(heights) > 50
        assert heights[0] < heights[-1]
        assert any(later < earlier for earlier, later in pairwise(heights))

    def test_does_not_begin_or_end_in_the_future(self):
        assert not PastMembership.objects.filter(until__gt=timezone.now()).exists()
        assert not Membership.objects.filter(since__gt=timezone.now()).exists()

    def test_has_a_team_that_is_named_by_hand(self):
        crisis = Segment.objects.get(slug="crisis-team")

        assert crisis.size() == crisis.manual_members.count() == 3


class TestRecorded:
    def test_tells_each_persona_what_is_known_from_whom_and_why(self, visit):
        page = main_of(visit("joiner", "/people/me/recorded/"))
        assert "Lena" in page
        assert "import from HR on" in page
        assert "you, on" in page
        assert "Why you are in it" in page
        assert "Imogen Clarke" not in page

    def test_is_closed_to_visitors(self, visit):
        assert visit("guest", "/people/me/recorded/").status_code == 302
