"""``check_leaks`` on planted sites: it finds each common leak, and nothing where there is none."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import path
from wagtail.documents import get_document_model
from wagtail.models import Collection, PageViewRestriction
from wagtail.rich_text import RichText

from tests.builders import audience, note, page, person, segment, targeted_page
from tests.doors.files import collection, image, restrict_files
from tests.intranet.models import Skill
from tests.leaky_site import views
from tests.targeting.restricting import restrict
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.collection_audiences import set_collection_audience
from wagtail_personalize.targeting.leaks.people import lookers

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TITLE = "Zorgvuldig besluit"
SECRET = "Nobody outside of the department may read these words."
FOLDER = Path(views.__file__).parent


class Checked:
    """What the command printed, and how it ended."""

    def __init__(self, **options):
        self.out, self.err = StringIO(), StringIO()
        self.code, self.complaint = 0, ""
        try:
            options = {"limit": 60, "json": True} | options
            call_command("check_leaks", stdout=self.out, stderr=self.err, **options)
        except CommandError as error:
            self.code, self.complaint = error.returncode, str(error)

    @property
    def leaks(self):
        assert self.code in (0, 1), self.complaint
        return json.loads(self.out.getvalue())

    def at(self, address):
        return [leak for leak in self.leaks if leak["url"].partition("?")[0] == address]


@pytest.fixture
def build(settings):
    """``build(MENU)``: the test site with these views, a restricted page, one person inside and one outside."""

    def build(*patterns, page_templates=False):
        settings.ROOT_URLCONF = views.urlconf(*patterns)
        folders = [str(FOLDER / "templates"), *([str(FOLDER / "page_templates")] if page_templates else [])]
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": folders}]
        person("insider", department="Finance")
        person("outsider", department="HR")
        restricted = page(TITLE, parent=page("News"), body=[("paragraph", RichText(f"<p>{SECRET}</p>"))])
        restrict(restricted, segment("Finance"))
        return restricted

    return build


def viewers(leaks):
    return {leak["viewer"] for leak in leaks}


def kinds(leaks):
    return {told["kind"] for leak in leaks for told in leak["told"]}


OUTSIDERS = {"an anonymous visitor", "a person in none of the segments"}


class TestPlantedLeaks:
    def test_a_sound_site_has_none(self, build):
        build(views.SOUND_MENU, views.SOUND_SEARCH)
        checked = Checked()
        assert (checked.leaks, checked.code) == ([], 0)

    def test_children_listed_by_a_template(self, build):
        build(page_templates=True)
        checked = Checked()
        assert checked.code == 1
        assert viewers(checked.at("/news/")) == OUTSIDERS
        written_by = {told["template"] for leak in checked.at("/news/") for told in leak["told"]}
        assert any("standard_page.html:7 {{ child.title }}" in template for template in written_by)

    def test_a_search_view(self, build):
        build(views.SEARCH)
        leaks = Checked().at("/search/")
        assert viewers(leaks) == OUTSIDERS
        assert leaks[0]["view"] == "tests.leaky_site.views.search"
        assert "results.html:6" in leaks[0]["told"][0]["template"]

    def test_a_feed(self, build):
        build(views.FEED)
        leaks = Checked().at("/feed/")
        assert viewers(leaks) == OUTSIDERS
        assert {"title", "address"} <= kinds(leaks)
        assert "NewsFeed" in leaks[0]["view"]

    def test_a_menu(self, build):
        build(views.MENU)
        assert viewers(Checked().at("/menu/")) == OUTSIDERS

    def test_a_fragment_that_an_insider_left_in_the_cache(self, build):
        build(views.CACHED_MENU)
        leaks = Checked().at("/menu/")
        assert viewers(leaks) == OUTSIDERS
        assert "{% cache 300 menu %}" in leaks[0]["told"][0]["template"]

    def test_suggestions_as_json(self, build):
        build(views.AUTOCOMPLETE)
        leaks = Checked().at("/autocomplete.json")
        assert viewers(leaks) == OUTSIDERS
        assert (leaks[0]["told"][0]["text"], leaks[0]["told"][0]["template"]) == (TITLE, "")

    def test_a_view_that_takes_the_key_of_a_page(self, build):
        restricted = build(views.TEASER)
        assert viewers(Checked().at(f"/teaser/{restricted.pk}/")) == OUTSIDERS

    def test_a_redirect_to_the_page(self, build):
        restricted = build(path("short/", lambda request: HttpResponseRedirect(restricted.url)))
        leaks = Checked().at("/short/")
        assert viewers(leaks) == OUTSIDERS
        assert kinds(leaks) == {"address"}

    def test_the_words_of_a_page(self, build):
        build(path("words/", lambda request: HttpResponse(f"<p>News: <b>Nobody</b>{SECRET[6:]}</p>")))
        leaks = Checked().at("/words/")
        assert kinds(leaks) == {"text"}

    def test_a_block_that_is_for_others(self, build):
        build(path("note/", views.note))
        targeted_page(note("Only bookkeepers get this premium", audience([Segment.objects.get()])), slug="targeted")
        checked = Checked()
        assert viewers(checked.leaks) == OUTSIDERS
        assert {leak["url"] for leak in checked.leaks} == {"/note/"}


@pytest.fixture
def restricted_document_of(settings, tmp_path):
    """``restricted_document_of("Finance")``: in a collection that is only for the people of that segment."""
    settings.MEDIA_ROOT = tmp_path

    def build(name):
        root = Collection.get_first_root_node() or Collection.add_root(name="Root")
        collection = root.add_child(name="Figures")
        document = get_document_model()(title="Quarterly figures of the year", collection=collection)
        document.file.save("quarterly.txt", ContentFile(b"Figures"))
        set_collection_audience(collection, None, Clause.of([Segment.objects.get(name=name)]))
        return document

    return build


class TestDocuments:
    def test_a_link_to_one_that_is_restricted(self, build, restricted_document_of):
        build(views.DOCUMENTS)
        document = restricted_document_of("Finance")
        leaks = Checked().at("/files/")
        assert viewers(leaks) == OUTSIDERS
        assert kinds(leaks) == {"title", "file"}
        assert document.url in {told["text"] for told in leaks[0]["told"]}

    def test_one_that_is_handed_out(self, build, restricted_document_of):
        document_of = {}
        build(path("media/<path:name>", lambda request, name: FileResponse(document_of["it"].file.open())))
        document_of["it"] = restricted_document_of("Finance")
        leaks = Checked().at(document_of["it"].file.url)
        assert viewers(leaks) == OUTSIDERS

    def test_a_sound_site_keeps_it(self, build, restricted_document_of):
        build()
        restricted_document_of("Finance")
        assert Checked().leaks == []


class TestImages:
    def test_the_file_of_one_that_is_restricted(self, build, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        build(views.PICTURES)
        board = collection()
        size = image(board).get_rendition("width-20")
        restrict_files(board, Segment.objects.get(name="Finance"))
        leaks = Checked().at("/pictures/")
        assert viewers(leaks) == OUTSIDERS
        assert size.file.url in {told["text"] for leak in leaks for told in leak["told"]}


class TestWhatIsNoLeak:
    def test_words_that_also_stand_on_a_page_for_everybody(self, build):
        build(views.SOUND_MENU)
        page("Careful", intro=f"We are looking forward to {TITLE}.")
        page("Common", intro=SECRET)
        assert not [told for leak in Checked().leaks for told in leak["told"] if told["kind"] in ("title", "text")]

    def test_a_word_that_also_stands_in_a_template(self, build):
        restricted = build(path("form/", lambda request: HttpResponse("<button>You looked for</button>")))
        restricted.title = "You looked for"
        restricted.save()
        assert Checked().leaks == []

    def test_a_search_page_that_repeats_the_question(self, build):
        restricted = build(views.SOUND_SEARCH)
        restricted.title = "Zorgvuldigheid"
        restricted.save()
        assert Checked(urls=["/search/?q=Zorgvuldigheid", f"/search/?q={restricted.url}"]).leaks == []

    def test_a_login_that_remembers_where_one_wanted_to_go(self, build):
        restricted = build()
        assert Checked(urls=[f"/login/?next={restricted.url}"]).leaks == []


class TestCommand:
    def test_names_no_person_unless_asked(self, build):
        build(views.MENU)
        outsider = get_user_model().objects.get(username="outsider")
        assert "outsider" not in Checked(json=False).out.getvalue()
        assert str(outsider.pk) in {leak["person"] for leak in Checked(keys=True).at("/menu/")}

    def test_names_viewers_by_their_segments(self, build):
        restrict(build(views.MENU), segment("Legal"))
        person(department="Legal")
        assert "a person in Finance" in viewers(Checked().at("/menu/"))

    def test_looks_as_somebody_who_is_named(self, build):
        build(views.MENU)
        assert viewers(Checked(named=["insider"]).at("/menu/")) == {"an anonymous visitor"}

    def test_says_with_2_that_nobody_has_that_name(self, build):
        build()
        assert Checked(named=["nobody at all"]).code == 2

    def test_says_with_2_that_nothing_could_be_checked(self, build):
        build(path("", views.failing), path("sitemap.xml", views.failing))
        checked = Checked(limit=1)
        assert checked.code == 2
        assert "nothing was checked" in checked.complaint

    def test_tells_where_the_site_fails(self, build):
        build(views.FAILING)
        checked = Checked()
        assert checked.code == 0
        assert "/failing/" in checked.err.getvalue()

    def test_stops_at_the_first_leak(self, build):
        build(views.MENU, views.FEED)
        assert len(Checked(fail_fast=True).leaks) == 1

    def test_asks_for_no_more_than_the_limit(self, build):
        build(views.MENU)
        assert "3 addresses" in Checked(limit=3).err.getvalue()

    def test_begins_where_it_is_told_to(self, build):
        build(path("hidden-away/", lambda request: HttpResponse(TITLE if "x" in request.GET else "")))
        assert Checked(limit=1, urls=["/hidden-away/?x=1"]).leaks

    def test_prints_for_people_too(self, build):
        build(views.MENU)
        text = Checked(json=False).out.getvalue()
        assert "/menu/  [200]  an anonymous visitor" in text
        assert f"title “{TITLE}”: page" in text

    def test_minds_wagtails_own_privacy_if_asked(self, build):
        build(views.SOUND_MENU)
        closed = page("Only for those who sign in", slug="closed")
        PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
        assert Checked().leaks == []
        assert viewers(Checked(privacy=True).at("/menu/")) == {"an anonymous visitor"}


class TestLooking:
    @pytest.mark.filterwarnings("ignore:Django 2028 will not have a default mailer")
    def test_leaves_no_trace(self, build, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        build(views.WRITING)
        checked = Checked(urls=["/writing/"])
        assert checked.code == 0
        assert "at /writing/" not in checked.err.getvalue()
        assert not Skill.objects.exists()
        assert not Session.objects.exists()
        assert not get_user_model().objects.exclude(last_login=None).exists()
        assert cache.get("written") is None
        assert mail.outbox == []
        assert list(tmp_path.iterdir()) == []

    def test_asks_by_get_only_and_does_not_sign_out(self, build):
        asked = []

        def note_down(request):
            asked.append((request.method, request.path))
            return HttpResponse("<a href='/logout/'>Sign out</a><form method=post action='/menu/'></form>")

        build(path("menu/", note_down), path("logout/", note_down, name="logout"))
        Checked()
        assert set(asked) == {("GET", "/menu/")}


class TestPeople:
    def test_are_one_for_each_combination_that_occurs(self, build):
        restrict(
            build(),
            segment("Finance people in Berlin", {"all": [{"attribute": "level", "operator": "is", "value": 3}]}),
        )
        for level in (3, 3, 3, 4):
            person(department="Finance", level=level)
        assert len(lookers(12)) == 4

    def test_are_as_many_as_one_wants_and_show_each_segment_from_both_sides(self, build):
        restricted = build()
        names = ["IT", "Legal", "Sales"]
        restrict(restricted, *[segment(name) for name in names])
        for name in names:
            person(department=name)
        labels = [looker.label for looker in lookers(2)]
        assert len(labels) == 4
        assert labels[-1] == "an anonymous visitor"
        assert labels[-2] == "a person in none of the segments"
