"""The timeline: what the slow and obvious way finds, in the same order, in parts, and only what the viewer may see."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import PageViewRestriction

from tests.builders import person, segment, user
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import Hashtag
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.timeline.keys import END, key_at, moment_at, read_key
from wagtail_personalize.streams.timeline.looks import NEWS, TIMELINE, last_look, looked
from wagtail_personalize.streams.timeline.reading import all_news, personal, sources_bringing
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .subscribing import choose
from .timeline import BEGIN, published, read_all, slowly, translated

pytestmark = pytest.mark.django_db


def mine(someone, number=3):
    return read_all(lambda after, number: personal(Viewer.for_person(someone), after, number), number)


def news(viewer, number=3):
    return read_all(lambda after, number: all_news(viewer, after, number), number)


@pytest.fixture
def me():
    return person(department="Finance")


@pytest.fixture
def topic():
    return published("Topic", day=0)


class TestPlace:
    def test_is_found_again(self):
        assert moment_at(key_at(BEGIN, 2**31 - 1)) == BEGIN
        assert key_at(BEGIN, 1) < key_at(BEGIN, 2) < key_at(BEGIN.replace(second=1)) < END

    @pytest.mark.parametrize("text", ["", "x", "-1", "0", "1.5", "²", "9" * 19, "9" * 40])
    def test_in_an_address_may_be_anything(self, text):
        assert read_key(text) is None

    def test_in_an_address_is_read(self):
        assert read_key(str(END)) == END


class TestTimeline:
    def test_has_everything_that_is_followed_once_and_the_newest_first(self, topic, me):
        author = user()
        pages = [published(f"#news {day}", parent=topic, owner=author, day=day) for day in (3, 1, 2)]
        for source in (topic, author, Hashtag.objects.get()):
            choose(me, source)
        other = published("Other", day=9)
        assert mine(me) == [pages[0].pk, pages[2].pk, pages[1].pk, topic.pk]
        assert other.pk in news(Viewer.for_person(me))

    def test_leaves_out_what_is_muted_or_left(self, topic, me):
        choose(me, topic)
        assert mine(me) == [topic.pk]
        for level in (Level.MUTED, Level.OFF):
            choose(me, topic, level)
            assert mine(me) == []

    def test_goes_on_where_a_part_ended_whatever_comes_meanwhile(self, topic, me):
        choose(me, topic)
        for day in range(1, 5):
            published(f"Page {day}", parent=topic, day=day)
        first = personal(Viewer.for_person(me), number=2)
        published("New", parent=topic, day=9)
        second = personal(Viewer.for_person(me), first.after, number=2)
        assert [item.page.title for item in second.items] == ["Page 2", "Page 1"]

    def test_shows_a_page_in_the_language_of_the_reader(self, topic, me):
        choose(me, topic)
        english = published("English", parent=topic, day=5)
        german = translated(english, day=7)
        alone = translated(published("Alone", parent=topic, day=6), day=8)
        alone.get_translation(english.locale).unpublish()
        assert mine(me)[:2] == [alone.pk, english.pk]
        with translation.override("de"):
            assert german.pk in mine(me)
            assert english.pk not in mine(me)

    def test_shows_a_page_in_another_language_to_whom_the_own_one_is_closed(self, topic, me):
        choose(me, topic)
        section = published("Section", parent=topic)
        german = translated(published("Text", parent=section))
        PageViewRestriction.objects.create(page=section, restriction_type="password", password="x")
        assert german.pk in mine(me)

    def test_says_which_sources_bring_a_page(self, topic, me):
        choose(me, topic)
        published("#news", parent=topic)
        choose(me, Hashtag.objects.get())
        item = personal(Viewer.for_person(me)).items[0]
        assert len(item.source_ids) == 2
        assert sources_bringing([item.page.pk]) == set(item.source_ids)

    def test_is_empty_for_visitors(self, topic):
        published("Open", parent=topic)
        assert personal(Viewer.anonymous()).items == []
        assert len(all_news(Viewer.anonymous()).items) == 2


class TestDoor:
    def test_shuts_out_whoever_may_not_see_the_page(self, topic, me):
        finance, other = segment("Finance"), person(department="IT")
        for someone in (me, other):
            choose(someone, topic)
        closed = published("Closed", parent=topic, day=1)
        set_page_audience(closed, None, Clause.of([finance]), None)
        assert mine(me) == news(Viewer.for_person(me)) == [closed.pk, topic.pk]
        assert mine(other) == news(Viewer.for_person(other)) == news(Viewer.anonymous()) == [topic.pk]

    def test_asks_wagtails_own_privacy(self, topic, me):
        choose(me, topic)
        closed = published("Closed", parent=topic, day=1)
        PageViewRestriction.objects.create(page=closed, restriction_type="login")
        assert closed.pk in mine(me)
        assert closed.pk not in news(Viewer.anonymous())
        PageViewRestriction.objects.create(page=closed, restriction_type="groups")
        assert mine(me, number=1) == [topic.pk]

    def test_is_asked_again_whatever_the_index_says(self, topic, me):
        choose(me, topic)
        closed = published("Closed", parent=topic, day=1)
        type(closed).objects.filter(pk=closed.pk).update(live=False)
        assert [item.page.pk for item in personal(Viewer.for_person(me)).items] == [topic.pk]

    def test_shows_an_editor_who_previews_what_both_may_see(self, topic, me):
        finance = segment("Finance")
        closed = published("Closed", parent=topic, day=1)
        set_page_audience(closed, None, Clause.of([finance]), None)
        preview = Viewer.in_segments([finance]).previewed_by(Viewer.for_person(person(department="IT")))
        assert news(preview) == [topic.pk]
        assert closed.pk in news(Viewer.in_segments([finance]))


class TestUnseen:
    def test_is_what_is_newer_than_the_last_look(self, topic, me):
        choose(me, topic)
        published("Old", parent=topic, day=1)
        part = personal(Viewer.for_person(me))
        assert len(part.unseen) == 2
        looked(me.pk, TIMELINE, part.newest)
        published("New", parent=topic, day=2)
        assert [item.page.title for item in personal(Viewer.for_person(me)).unseen] == ["New"]
        assert len(all_news(Viewer.for_person(me)).unseen) == 3

    def test_never_comes_back(self, me):
        looked(me.pk, NEWS, key_at(BEGIN))
        looked(me.pk, NEWS, 1)
        assert last_look(Viewer.for_person(me), NEWS) == key_at(BEGIN)

    def test_is_not_what_comes_after_now(self, me):
        looked(me.pk, NEWS, END)
        assert last_look(Viewer.for_person(me), NEWS) < key_at(BEGIN.replace(year=2100))


class TestQueries:
    def test_are_as_many_for_many_sources_and_items(self, topic, me):
        def queries():
            viewer = Viewer.for_person(me)
            with CaptureQueriesContext(connection) as context:
                assert personal(viewer).items
            return len(context)

        choose(me, topic)
        queries()  # the process learns the audiences
        few = queries()
        for number in range(12):
            published(f"#tag{number}", parent=published(f"Section {number}"))
            choose(me, Hashtag.objects.get(key=f"tag{number}"))
        assert queries() == few <= 9


class TestAnySite:
    """Random sites, people and audiences: the same pages in the same order as the slow and obvious way finds."""

    @pytest.mark.parametrize("seed", range(4))
    def test_has_what_the_slow_way_finds(self, seed):
        chance = Random(seed)
        segments = [segment("Finance"), segment("IT")]
        people = [person(department=name) for name in ("Finance", "IT", "")]
        pages = [published(f"Page {number}", day=chance.randrange(9)) for number in range(3)]
        for number in range(18):
            tags = " ".join(f"#tag{tag}" for tag in range(4) if chance.random() < 0.2)
            owner = chance.choice(people)
            pages.append(
                published(
                    f"{tags} {number}",
                    slug=f"page-{number}",
                    parent=chance.choice(pages),
                    day=chance.randrange(9),
                    owner=owner,
                )
            )
        some = chance.sample(pages[3:], 4)
        translations = [translated(one, day=chance.randrange(9)) for one in some if not one.get_translations().exists()]
        for one in chance.sample(pages + translations, 4):
            set_page_audience(one, None, Clause.of(chance.sample(segments, 1)), None)
        PageViewRestriction.objects.create(page=chance.choice(pages), restriction_type="groups")
        for one in people:
            for source in chance.sample([*pages, *Hashtag.objects.all(), *people], 5):
                choose(one, source, chance.choice([Level.MUTED, Level.NORMAL, Level.ALL]))
        for language in ("en", "de"):
            with translation.override(language):
                for one in people:
                    assert mine(one, number=chance.choice([1, 3, 50])) == slowly(one)
                    assert news(Viewer.for_person(one), number=4) == slowly(one, everything=True)
