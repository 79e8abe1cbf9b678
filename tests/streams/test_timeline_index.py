"""The index of the timeline says what holds, whatever happens to pages, hashtags, audiences and sources."""

from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from tests.builders import home, page, person, segment, user
from wagtail_personalize.streams.models import Hashtag
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.timeline.index import NOBODY, check, everything, write
from wagtail_personalize.streams.timeline.models import TimelineItem
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.models import EffectiveAudience
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .subscribing import choose
from .timeline import published, translated

pytestmark = pytest.mark.django_db


def restrict(a_page, *segments):
    set_page_audience(a_page, None, Clause.of(segments) if segments else None, None)


def items(obj):
    """The ids of the pages that the index gives to a source."""
    rows = TimelineItem.objects.filter(source=source_for(name_of(obj)))
    return set(rows.values_list("page", flat=True))


def keys(*pages):
    return {row.key for row in TimelineItem.objects.filter(page__in=pages)}


@pytest.fixture
def topic():
    return published("Topic")


@pytest.fixture
def me():
    return person(department="Finance")


class TestPage:
    def test_is_an_item_of_everything_that_it_belongs_to(self, topic, me):
        author = user()
        for source in (topic, author, Hashtag.objects.create(label="news")):
            choose(me, source)
        found = published("#news", parent=topic, owner=author)
        assert items(topic) == {topic.pk, found.pk}
        assert items(author) == items(Hashtag.objects.get()) == {found.pk}
        assert TimelineItem.objects.filter(source__in=everything(), page=found).count() == 1

    def test_is_none_before_it_is_published_nor_after(self, topic, me):
        choose(me, topic)
        found = page("Draft", parent=topic, live=False)
        found.save_revision()
        assert found.pk not in items(topic)
        found.save_revision().publish()
        assert found.pk in items(topic)
        Page.objects.get(pk=found.pk).unpublish()
        assert found.pk not in items(topic)

    def test_goes_with_its_rows(self, topic, me):
        choose(me, topic)
        published("Below", parent=topic)
        topic.delete()
        assert not TimelineItem.objects.exists()

    def test_belongs_elsewhere_when_moved_with_all_below_it(self, topic, me):
        other = published("Other")
        for source in (topic, other):
            choose(me, source)
        section = published("Section", parent=topic)
        below = published("Below", parent=section)
        section.move(other, pos="last-child")
        assert items(topic) == {topic.pk}
        assert items(other) == {other.pk, section.pk, below.pk}
        assert check() == 0

    def test_gives_its_copies_a_place_of_their_own(self, topic, me):
        choose(me, topic)
        below = published("Below", parent=topic)
        topic.copy(recursive=True, update_attrs={"slug": "copy"}, keep_live=True)
        assert check() == 0
        assert items(topic) == {topic.pk, below.pk}

    def test_has_one_place_in_all_languages(self, topic):
        english = published("English", parent=topic, day=9)
        german = translated(english, day=3)
        assert len(keys(english, german)) == 1
        before = keys(english)
        german.unpublish()
        assert keys(english) != before
        assert check() == 0
        german.save_revision().publish()
        Page.objects.get(pk=english.pk).delete()
        assert keys(german)
        assert check() == 0


class TestAudience:
    @pytest.fixture
    def finance(self):
        return segment("Finance")

    def test_is_the_one_in_force(self, topic, finance, me):
        choose(me, topic)
        below = published("Below", parent=topic)
        restrict(topic, finance)
        access = EffectiveAudience.objects.get(page=below).access_id
        assert access
        assert audiences(below) == {access}
        restrict(topic)
        assert audiences(below) == {0}

    def test_comes_with_what_is_published_moved_and_copied(self, topic, finance, me):
        restrict(topic, finance)
        access = EffectiveAudience.objects.get(page=topic).access_id
        new, moved = published("New", parent=topic), published("Moved")
        moved.move(topic, pos="last-child")
        copy = new.copy(update_attrs={"slug": "copy"}, keep_live=True)
        assert audiences(new) == audiences(moved) == audiences(copy) == {access}
        Page.objects.get(pk=moved.pk).move(home(), pos="last-child")
        assert audiences(moved) == {0}

    def test_of_an_alias_is_also_that_of_its_source(self, topic, finance):
        restrict(topic, finance)
        alias = published("New", parent=topic).create_alias(parent=home(), update_slug="alias")
        assert audiences(alias) == audiences(topic) != {0}

    def test_that_is_not_known_is_nobody(self, topic):
        EffectiveAudience.objects.all().delete()
        write([topic.translation_key])
        assert audiences(topic) == {NOBODY}
        topic.save_revision().publish()
        assert audiences(topic) == {0}


def audiences(*pages):
    return set(TimelineItem.objects.filter(page__in=pages).values_list("audience", flat=True))


class TestHashtag:
    def test_brings_what_its_synonyms_bring(self, me):
        news, neu = Hashtag.objects.create(label="news"), Hashtag.objects.create(label="neu")
        choose(me, news)
        choose(me, neu)
        one, two = published("#news"), published("#neu")
        assert items(news) == {one.pk}
        neu.synonym_of = news
        neu.save()
        assert items(news) == {one.pk, two.pk}
        neu.synonym_of = None
        neu.save()
        assert items(news) == {one.pk}

    def test_brings_what_the_synonyms_of_its_new_synonym_brought(self, me):
        tags = [Hashtag.objects.create(label=label) for label in ("one", "two", "three")]
        found = [published(f"#{tag.label}") for tag in tags]
        choose(me, tags[0])
        tags[2].synonym_of = tags[1]
        tags[2].save()
        tags[1].synonym_of = tags[0]
        tags[1].save()
        assert items(tags[0]) == {each.pk for each in found}
        assert check() == 0

    def test_that_is_blocked_brings_nothing(self, me):
        news = Hashtag.objects.create(label="news")
        choose(me, news)
        found = published("#news")
        news.blocked = True
        news.save()
        assert items(news) == set()
        news.blocked = False
        news.save()
        assert items(news) == {found.pk}


class TestSource:
    def test_has_what_was_published_before_anybody_followed_it(self, topic, me):
        below = published("#news below", parent=topic, owner=me)
        for source in (topic, me, Hashtag.objects.get()):
            choose(person(), source)
            assert below.pk in items(source)
        assert check() == 0

    def test_takes_its_rows_with_it(self, topic, me):
        news = Hashtag.objects.create(label="news")
        choose(me, news)
        published("#news")
        news.delete()
        assert check() == 0


class TestRefresh:
    def test_finds_what_was_written_without_publishing(self, topic, me):
        choose(me, topic)
        gone, new = published("Gone", parent=topic), page("New", parent=topic)
        Page.objects.filter(pk=gone.pk).update(live=False)
        Page.objects.filter(pk=new.pk).update(first_published_at=topic.first_published_at)
        with pytest.raises(CommandError):
            call_command("refresh_timeline", check=True)
        call_command("refresh_timeline", stdout=StringIO())
        assert items(topic) == {topic.pk, new.pk}
        assert audiences(new) == {0}

    def test_changes_nothing_the_second_time(self, topic):
        out = StringIO()
        call_command("refresh_timeline", stdout=out)
        call_command("refresh_timeline", check=True, stdout=out)
        assert out.getvalue().count(" 0 rows") == 2

    def test_costs_no_query_for_each_page(self, topic, me):
        choose(me, topic)

        def queries(number):
            for each in range(number):
                page(f"New {number} {each}", parent=topic, first_published_at=topic.first_published_at)
            with CaptureQueriesContext(connection) as context:
                call_command("refresh_timeline", stdout=StringIO())
            return len(context)

        assert queries(20) <= queries(1) + 1  # one more: there are pages without a stored audience to be filled


class TestPublishing:
    def test_costs_a_fixed_number_of_queries(self, topic):
        def queries(one):
            revision = one.save_revision()
            with CaptureQueriesContext(connection) as context:
                revision.publish()
            return len([query for query in context if "timelineitem" in query["sql"]])

        few = queries(page("Few", parent=topic, live=False))
        for number in range(10):
            choose(person(), user(f"somebody{number}"))
            choose(person(), published(f"#tag{number} and more", parent=topic))
        many = page(" ".join(f"#tag{number}" for number in range(10)), slug="many", parent=topic, live=False)
        for number in range(10):
            choose(person(), Hashtag.objects.get(key=f"tag{number}"), Level.ALL)
        assert queries(many) <= 2 * few  # once for its hashtags, once for itself


class TestAnyHistory:
    """Whatever happens in whichever order: stored is what is computed."""

    @pytest.mark.parametrize("seed", range(3))
    def test_leaves_the_index_right(self, seed, me):
        chance, finance = Random(seed), segment("Finance")
        tags = [Hashtag.objects.create(label=f"tag{number}") for number in range(3)]
        pages = [published(f"Page {number}") for number in range(3)]
        for _number in range(25):
            live = list(Page.objects.filter(depth__gte=3).specific())
            one, other = chance.choice(live or pages), chance.choice(live or pages)
            act(chance, one, other, tags, me, finance)
        assert check() == 0


def act(chance, one, other, tags, me, finance):
    """One thing that editors and readers do."""
    match chance.randrange(9):
        case 0:
            published(f"#tag{chance.randrange(3)}", slug=f"new-{chance.randrange(10**9)}", parent=one)
        case 1:
            one.unpublish()
        case 2:
            one.save_revision().publish()
        case 3 if not (other.path.startswith(one.path) or other.get_children().filter(slug=one.slug).exists()):
            one.move(other, pos="last-child")
        case 4:
            restrict(one, *chance.sample([finance], chance.randrange(2)))
        case 5:
            choose(me, chance.choice([one, *tags[:2]]), chance.choice(Level.values))
        case 6 if one.locale.language_code == "en" and not one.get_translations().exists():
            translated(one)
        case 7:
            tag = tags[2]
            tag.refresh_from_db()
            tag.synonym_of, tag.blocked = chance.choice([None, tags[0]]), chance.random() < 0.3
            tag.save()
        case 8 if one.numchild == 0:
            one.delete()
