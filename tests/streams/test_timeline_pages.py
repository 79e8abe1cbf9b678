"""The timeline as people use it: its pages, what they must know, why they see something, the blocks and the tags."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from tests.builders import page, person, segment, user
from tests.doors.viewers import editor_of_all_pages
from tests.intranet.models import NewsForMePage
from tests.permissions import allowed
from tests.streams.test_following_pages import rendered, text
from tests.streams.test_hashtag_page import signed_in
from wagtail_personalize.privacy.retention import purge_all
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.automatic.models import Mode
from wagtail_personalize.streams.blocks import LatestArticlesBlock, TimelineBlock
from wagtail_personalize.streams.models import Hashtag, LastLook, MustKnow, MustKnowRead
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.timeline.looks import TIMELINE, last_look, looked
from wagtail_personalize.streams.timeline.must_know import mark, must_know
from wagtail_personalize.streams.timeline.slot import slot_for
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .subscribing import choose, rule
from .timeline import published, translated

pytestmark = pytest.mark.django_db

MINE, NEWS, LOOKED = "/people/me/news/", "/people/news/", "/people/me/news/looked/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def me():
    return person(department="Finance")


@pytest.fixture
def topic():
    return published("Topic", day=0)


def marked(title="Must know", days=3, **fields):
    found = published(title, **fields)
    mark(found, timezone.now() + timedelta(days=days), None)
    return found


def to_read(someone):
    return [one.page.title for one in must_know(Viewer.for_person(someone))]


class TestPage:
    def test_shows_what_is_followed_and_beside_it_everything(self, topic, me):
        choose(me, topic)
        published("Inside", parent=topic, search_description="In a few words")
        published("Outside")
        mine, everything = text(signed_in(me), MINE), text(signed_in(me), NEWS)
        assert "Inside" in mine
        assert "In a few words" in mine
        assert mine.count(">Outside</a></h3>") == 0
        assert "Outside" in everything
        assert "Inside" in everything

    def test_is_for_people_and_all_news_for_everybody(self, topic):
        assert Client().get(MINE)["Location"].startswith("/login/")
        assert "Topic" in text(Client(), NEWS)

    def test_goes_on_without_javascript_and_with(self, topic, me):
        choose(me, topic)
        for day in range(1, 25):
            published(f"Page {day}", parent=topic, day=day)
        client = signed_in(me)
        first = client.get(MINE)
        more = first.context["more_url"]
        assert "Page 5<" in first.content.decode()
        assert "Page 4<" not in first.content.decode()
        second = text(client, more)
        assert "Page 4<" in second
        assert "<html" in second
        assert "Back to the newest" in second
        part = client.get(more, headers=HTMX).content.decode()
        assert "Page 4<" in part
        assert "<html" not in part
        assert "That is all." in part

    @pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "%00", "1"])
    def test_takes_any_place(self, me, after):
        assert signed_in(me).get(f"{MINE}?after={after}").status_code == 200

    def test_is_kept_by_nobody_else(self, me):
        for url in (MINE, NEWS):
            assert "private" in signed_in(me).get(url)["Cache-Control"]

    def test_costs_as_many_queries_with_many_items(self, topic, me):
        choose(me, topic)
        client = signed_in(me)

        def queries():
            with CaptureQueriesContext(connection) as context:
                assert client.get(MINE).status_code == 200
            return len(context)

        queries()
        few = queries()
        for number in range(8):
            published(f"#tag{number} text", parent=topic)
            choose(me, Hashtag.objects.get(key=f"tag{number}"))
        assert queries() <= few + 3  # of the kind hashtag


class TestWhy:
    def test_names_the_source_and_the_reason_at_every_item(self, topic, me):
        rule(segment("Finance"), topic, Mode.MANDATORY)
        published("#news inside", parent=topic)
        choose(me, Hashtag.objects.get())
        page = text(signed_in(me), MINE)
        assert page.count("Why do I see this?") == 2
        assert "Mandatory for you: " in page
        assert "You chose to follow it." in page

    def test_does_not_name_what_is_hidden(self, topic, me):
        secret = published("Secret topic")
        choose(me, secret)
        open_page = published("#news", parent=secret)
        set_page_audience(secret, None, Clause.of([segment("IT")]), None)
        choose(me, Hashtag.objects.create(label="other"))
        assert open_page.title not in text(signed_in(me), MINE)
        assert "Secret topic" not in text(signed_in(me), MINE)


class TestUnseen:
    def test_is_marked_until_the_page_says_that_it_was_looked_at(self, topic, me):
        choose(me, topic)
        client = signed_in(me)
        page = client.get(MINE)
        assert "wp-news__new" in page.content.decode()
        assert not LastLook.objects.exists()
        form = {"list": "timeline", "key": page.context["part"].newest, "next": MINE}
        assert client.post(LOOKED, form, headers=HTMX).status_code == 204
        assert "wp-news__new" not in text(client, MINE)
        assert client.post(LOOKED, form)["Location"] == MINE

    def test_takes_nothing_else(self, me):
        client = signed_in(me)
        assert client.get(LOOKED).status_code == 405
        for form in ({}, {"list": "timeline", "key": "x"}, {"list": "other", "key": "1"}):
            assert client.post(LOOKED, form).status_code == 404
        assert Client().post(LOOKED)["Location"].startswith("/login/")
        assert not LastLook.objects.exists()


class TestMustKnow:
    def test_stands_on_top_until_it_was_read(self, me):
        found = marked("Evacuation plan")
        client = signed_in(me)
        assert "You must know this" in text(client, MINE)
        address = reverse("wagtail_personalize:must_know_read", args=[MustKnow.objects.get().pk])
        assert client.get(address).status_code == 405
        assert client.post(address, {"next": found.url})["Location"] == found.url
        assert client.post(address, headers=HTMX).content == b""
        assert "You must know this" not in text(client, MINE)
        assert to_read(person()) == ["Evacuation plan"]
        assert MustKnowRead.objects.count() == 1

    def test_is_three_at_most_the_last_marked_first(self, me):
        for number in range(5):
            marked(f"Number {number}")
        assert to_read(me) == ["Number 4", "Number 3", "Number 2"]

    def test_concerns_who_may_see_it_and_whom_it_is_recommended_to(self, me):
        finance, other = segment("Finance"), person(department="IT")
        closed, meant = marked("Closed"), marked("Meant")
        set_page_audience(closed, None, Clause.of([finance]), None)
        set_page_audience(meant, None, None, Clause.of([finance]))
        assert set(to_read(me)) == {"Closed", "Meant"}
        assert to_read(other) == []
        assert must_know(Viewer.anonymous()) == []
        client = signed_in(other)
        answers = {
            client.post(reverse("wagtail_personalize:must_know_read", args=[pk])).status_code
            for pk in [*MustKnow.objects.values_list("pk", flat=True), 999_999]
        }
        assert answers == {404}
        assert not MustKnowRead.objects.exists()

    def test_is_over_after_its_day_and_forgotten_later(self, me):
        over = marked(days=-1)
        assert to_read(me) == []
        MustKnow.objects.update(until=timezone.now() - timedelta(days=31))
        assert any(number == 1 for _label, number in purge_all())
        mark(over, timezone.now() + timedelta(days=1), None)
        assert to_read(me) == ["Must know"]

    def test_is_one_in_all_languages(self, me):
        translated(marked("English"))
        assert to_read(me) == ["English"]


class TestMarking:
    def address(self, found):
        return reverse("personalize_timeline:must_know", args=[found.pk])

    def test_takes_effect_at_once_and_is_logged(self, me):
        found, client = published("Plan"), signed_in(user(is_superuser=True, is_staff=True))
        assert "Must-know…" in text(client, reverse("wagtailadmin_pages:edit", args=[found.pk]))
        day = timezone.localdate() + timedelta(days=2)
        assert "is must-know now" in client.post(self.address(found), {"until": day}, follow=True).content.decode()
        assert to_read(me) == ["Plan"]
        assert "Must-know until" in text(client, self.address(found))
        client.post(self.address(found), {"remove": "1"})
        assert to_read(me) == []
        said = [entry.formatter.format_message(entry) for entry in PageLogEntry.objects.filter(action__contains="must")]
        assert sorted(said) == ["Must-know until " + day.isoformat(), "No longer must-know"]

    @pytest.mark.parametrize("days", [-1, 91])
    def test_needs_a_day_that_is_near(self, days):
        found, client = published("Plan"), signed_in(user(is_superuser=True, is_staff=True))
        assert (
            client.post(self.address(found), {"until": timezone.localdate() + timedelta(days=days)}).status_code == 200
        )
        assert not MustKnow.objects.exists()

    def test_takes_the_permission_and_the_right_to_publish(self):
        found = published("Plan")
        form = {"until": timezone.localdate()}
        for someone in (allowed(editor_of_all_pages()), allowed(user(is_staff=True), "mark_must_know")):
            assert signed_in(someone).post(self.address(found), form).status_code == 302
            assert not MustKnow.objects.exists()


class TestSlot:
    def test_shows_something_new_that_is_neither_followed_nor_left(self, topic, me):
        published("#news inside", parent=topic)
        for someone in (person(), person()):
            choose(someone, topic)
            choose(someone, Hashtag.objects.get())
        choose(me, topic)
        assert slot_for(Viewer.for_person(me)).shown.label == "#news"
        assert "Something you do not follow yet" in text(signed_in(me), MINE)
        choose(me, Hashtag.objects.get())
        choose(me, Hashtag.objects.get(), Level.OFF)
        assert slot_for(Viewer.for_person(me)) is None

    def test_shows_nothing_that_is_hidden(self, topic, me):
        choose(person(), topic)
        set_page_audience(topic, None, Clause.of([segment("IT")]), None)
        assert slot_for(Viewer.for_person(me)) is None
        assert slot_for(Viewer.anonymous()) is None


class TestEmptyState:
    def test_helps_a_new_joiner(self, topic, me):
        page = text(signed_in(me), MINE)
        assert "Make this page yours" in page
        assert "/people/me/interests/" in page
        assert "Topic" in page

    def test_knows_who_follows_something(self, me):
        choose(me, user())
        assert "Nothing new yet" in text(signed_in(me), MINE)


class TestBlocks:
    def test_show_the_beginning_and_where_it_goes_on(self, topic, me):
        choose(me, topic)
        for day in range(1, 4):
            published(f"Page {day}", parent=topic, day=day)
        shown = rendered("{% my_news 2 'For me' %}", me)
        assert "For me" in shown
        assert "Page 3" in shown
        assert "Page 1" not in shown
        assert f"{MINE}?after=" in shown
        assert rendered("{% my_news %}", AnonymousUser()).strip() == ""
        value = TimelineBlock().to_python({"number": 2, "heading": "News"})
        assert "Page 3" in rendered("{% load wagtailcore_tags %}{% include_block value %}", me, value=value)

    def test_latest_articles_are_those_asked_for(self, topic, me):
        inside = published("#news inside", parent=topic, day=1)
        published("#news outside", day=2)
        meant = published("Meant", day=3)
        set_page_audience(meant, None, None, Clause.of([segment("Finance")]))
        assert "outside" in rendered("{% latest_articles 5 hashtag='#News' %}", me)
        narrow = rendered("{% latest_articles 5 hashtag='news' section=topic %}", me, topic=topic)
        assert "inside" in narrow
        assert "outside" not in narrow
        assert rendered("{% latest_articles hashtag='missing' %}", me).strip() == ""
        assert latest(me, section=topic.pk) == [inside.title]
        assert latest(me, segment=str(segment("Others").uuid)) == []

    def test_latest_articles_of_a_segment(self, me):
        finance = segment("Finance")
        set_page_audience(published("Meant"), None, None, Clause.of([finance]))
        set_page_audience(published("Closed"), None, Clause.of([finance]), None)
        published("Other")
        assert sorted(latest(me, segment=str(finance.uuid))) == ["Closed", "Meant"]
        assert latest(person(), segment=str(finance.uuid)) == ["Meant"]
        gone = str(finance.uuid)
        type(finance).objects.filter(pk=finance.pk).update(uuid="00000000-0000-4000-8000-000000000000")
        assert latest(me, segment=gone) == []

    def test_latest_articles_tell_programs_nothing(self, topic):
        assert LatestArticlesBlock().get_api_representation({"section": topic}) is None


def latest(someone, **given):
    """The titles of a block with these choices."""
    block = LatestArticlesBlock()
    value = block.to_python({"number": 5, **given})
    request = RequestFactory().get("/")
    request.user = someone
    return [page.title for page in block.get_context(value, {"request": request})["pages"]]


class TestPageType:
    def test_a_page_of_the_site_shows_what_reaches_the_reader(self, me, topic):
        here = page("News for me", model=NewsForMePage)
        published("About machines", parent=topic)
        choose(me, topic)
        assert "About machines" in text(signed_in(me), here.url)

    def test_it_asks_visitors_to_sign_in(self):
        here = page("News for me", model=NewsForMePage)
        assert Client().get(here.url)["Location"].startswith("/login/")

    def test_its_audience_holds(self, me):
        here = page("News for me", model=NewsForMePage)
        set_page_audience(here, None, Clause.of([segment("Board")]), None)
        assert signed_in(me).get(here.url).status_code == 404


class TestRecorded:
    def test_tells_the_person_what_is_remembered(self, me):
        marked("Evacuation plan")
        client = signed_in(me)
        client.post(reverse("wagtail_personalize:must_know_read", args=[MustKnow.objects.get().pk]))
        looked(me.pk, TIMELINE, 1 << 40)
        page = text(client, "/people/me/recorded/")
        assert "Evacuation plan" in page
        assert "Up to where you have looked at the news" in page
        assert last_look(Viewer.for_person(me), TIMELINE) == 1 << 40
