"""Which hashtags a page has: from its live version, however it came to be live."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale
from wagtail.rich_text import RichText

from tests.builders import audience, block, note, page, segment, targeted_page, variants
from tests.intranet.models import OtherPage, StandardPage
from wagtail_personalize.streams.models import Hashtag, HashtagUse

pytestmark = pytest.mark.django_db


def published(title="A page", **fields):
    new = page(title, live=False, **fields)
    new.save_revision().publish()
    return type(new).objects.get(pk=new.pk)


def hashtags(of):
    return set(HashtagUse.objects.filter(page_id=of.pk).values_list("hashtag__key", flat=True))


class TestPublishing:
    def test_reads_title_rich_text_and_streams(self):
        body = [("plain", {"text": "#plain <b>#text</b>"}), ("paragraph", RichText("<p>#para</p><code>#no</code>"))]
        found = published("#Title", rich="<p>#rich</p>", intro="#no", body=body)
        assert hashtags(found) == {"title", "rich", "plain", "text", "para"}

    def test_reads_pages_of_every_type(self):
        assert hashtags(published("#news", model=OtherPage)) == {"news"}

    def test_follows_the_live_version_only(self):
        found = published("#one")
        found.title = "#two"
        draft = found.save_revision()
        assert hashtags(found) == {"one"}
        draft.publish()
        assert hashtags(found) == {"two"}

    def test_keeps_the_spelling_seen_first(self):
        published("#News #NEWS")
        published("#news")
        assert Hashtag.objects.get().label == "News"

    def test_tells_accents_apart(self):
        assert hashtags(published("#resume #résumé #RÉSUMÉ")) == {"resume", "résumé"}

    def test_takes_at_most_30(self):
        body = [("paragraph", RichText(" ".join(f"#a{number}" for number in range(60))))]
        assert len(hashtags(published("#first", body=body))) == 30

    def test_costs_a_fixed_number_of_queries(self):
        few, many = page("#a", live=False), page("b", live=False, rich=" ".join(f"#a{n}" for n in range(30)))
        assert queries_to_publish(few) >= queries_to_publish(many)


def queries_to_publish(one):
    revision = one.save_revision()
    with CaptureQueriesContext(
        connection,
    ) as context:
        revision.publish()
    return len([q for q in context if "personalize_streams" in q["sql"]])


class TestTargetedBlock:
    @pytest.fixture
    def finance(self):
        return segment("Finance")

    def test_of_everybody_is_read(self):
        assert hashtags(read(note("#open"))) == {"open"}

    def test_of_some_people_is_not(self, finance):
        closed = note("#closed", audience([finance]))
        nested = block(
            "section", {"content": [closed], "notes": [closed], "aside": closed["value"], "heading": "#open"}
        )
        listed = block("notes", [block("item", closed["value"])])
        assert hashtags(read(closed, nested, listed)) == {"open"}

    def test_for_a_time_is_not(self):
        assert hashtags(read(note("#closed", audience(ends="2040-01-01T00:00:00+00:00")))) == set()

    def test_with_variants_is_read_when_nobody_is_left_out(self, finance):
        assert hashtags(read(variants(default=[note("#open")]))) == {"open"}
        mine = (audience([finance]), [note("#mine")])
        assert hashtags(read(variants(mine, default=[note("#others")]))) == set()


def read(*blocks):
    found = targeted_page(*blocks, live=False)
    found.save_revision().publish()
    return found


class TestPage:
    def test_loses_its_hashtags_when_unpublished(self):
        found = published("#news")
        found.unpublish()
        assert hashtags(found) == set()

    def test_may_be_deleted(self):
        found = published("#news")
        found.delete()
        assert not HashtagUse.objects.exists()

    def test_keeps_them_when_moved(self):
        found, elsewhere = published("#news"), page("Elsewhere")
        found.move(elsewhere, pos="last-child")
        assert hashtags(found) == {"news"}

    def test_gives_them_to_copies_and_aliases(self):
        found = published("#news")
        assert hashtags(found.copy(update_attrs={"slug": "copy"}, keep_live=True)) == {"news"}
        alias = found.create_alias(update_slug="alias")
        found.title = "#other"
        found.save_revision().publish()
        assert hashtags(alias) == {"other"}

    def test_has_its_own_in_each_language(self):
        found = published("#news")
        german, _ = Locale.objects.get_or_create(language_code="de")
        translation = found.copy_for_translation(german, copy_parents=True)
        translation.title = "#Neuigkeiten"
        translation.save_revision().publish()
        assert hashtags(found) == {"news"}
        assert hashtags(translation) == {"neuigkeiten"}


def refreshed():
    out = StringIO()
    call_command("refresh_hashtags", stdout=out)
    return out.getvalue()


class TestRefresh:
    def test_finds_what_was_written_without_publishing(self):
        found, gone = page("#news"), published("#gone")
        StandardPage.objects.filter(pk=gone.pk).update(live=False)
        assert "1 page" in refreshed() or "pages" in refreshed()
        assert hashtags(found) == {"news"}
        assert hashtags(gone) == set()

    def test_reads_drafts_of_live_pages_not(self):
        found = published("#one")
        found.title = "#two"
        found.save_revision()
        refreshed()
        assert hashtags(found) == {"one"}

    def test_changes_nothing_the_second_time(self):
        page("#news")
        refreshed()
        assert "0 uses changed" in refreshed()

    def test_costs_no_query_for_each_page(self):
        for number in range(3):
            page(f"#news {number}")
        with CaptureQueriesContext(connection) as few:
            refreshed()
        for number in range(3, 30):
            page(f"#news {number}")
        with CaptureQueriesContext(connection) as many:
            refreshed()
        assert len(many) <= len(few)
