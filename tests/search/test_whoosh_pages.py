"""Wagtail's pages in the embedded search engine."""

import pytest
from django.db.models import Exists, OuterRef
from modelsearch.query import MATCH_ALL, Fuzzy, Phrase
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from tests.builders import home, page, person, segment
from tests.intranet.models import StandardPage
from tests.search.engine import backend, configured, rebuilt, titles, update_index
from tests.targeting.restricting import restrict, seen_by
from wagtail_personalize.search.backends.whoosh import results
from wagtail_personalize.targeting.visibility import visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(tmp_path, settings):
    return configured(settings, tmp_path)


class TestKeepingUp:
    def test_a_page_is_found_when_saved(self, engine):
        page("Parking at the plant")
        assert titles(engine, "parking") == ["Parking at the plant"]

    def test_under_its_new_words_when_changed(self, engine):
        changed = page("Parking")
        changed.title = "Bicycles"
        changed.save()
        assert (titles(engine, "parking"), titles(engine, "bicycles")) == ([], ["Bicycles"])

    def test_and_no_more_when_deleted(self, engine):
        page("Parking").delete()
        assert engine.search("parking", Page).count() == 0

    def test_a_page_type_is_found_by_its_own_fields_and_as_a_page(self, engine):
        page("Cars", intro="Where to park")
        assert titles(engine, "parking") == titles(engine, "parking", StandardPage) == ["Cars"]

    def test_the_command_brings_in_everything_and_drops_what_is_gone(self, engine):
        page("Parking")
        Page.objects.filter(title="Parking").update(title="Bicycles")
        update_index()
        assert (titles(engine, "parking"), titles(engine, "bicycles")) == ([], ["Bicycles"])

    def test_indexing_many_asks_the_database_no_more_often(self, engine, django_assert_max_num_queries):
        for number in range(5):
            page(f"Page {number}")
        pages = list(StandardPage.objects.all())
        with django_assert_max_num_queries(1):
            engine.add_bulk(StandardPage, pages)


class TestLanguages:
    @pytest.fixture
    def german(self, engine):
        locale = Locale.objects.get_or_create(language_code="de")[0]
        return page("Häuser in Köln", locale=locale)

    def test_words_are_cut_to_the_stem_of_the_pages_language(self, engine, german):
        assert titles(engine, "haus koln") == ["Häuser in Köln"]

    def test_one_language_is_searched_by_a_filter(self, engine, german):
        page("Das Haus")
        assert titles(engine, "haus", Page.objects.filter(locale=german.locale)) == ["Häuser in Köln"]

    def test_what_is_not_translated_has_the_language_of_the_site(self, engine, settings):
        settings.LANGUAGE_CODE = "de"
        image = get_image_model()(title="Häuser", width=1, height=1, file="houses.png")
        engine.add(image.__class__.objects.bulk_create([image])[0])
        assert engine.search("Haus", get_image_model()).count() == 1


class TestFilters:
    """What a queryset leaves out is neither a hit nor counted."""

    @pytest.fixture(autouse=True)
    def _pages(self, engine):
        page("Parking")
        page("Parking of the board", live=False)

    def test_hold_for_hits_and_their_number(self, engine):
        found = engine.search("parking", Page.objects.live())
        assert ([one.title for one in found], found.count()) == (["Parking"], 1)

    def test_may_be_a_subquery(self, engine):
        hidden = Page.objects.filter(title__contains="board").values("pk")
        assert titles(engine, "parking", Page.objects.exclude(pk__in=hidden)) == ["Parking"]

    def test_may_be_an_expression(self, engine):
        hidden = Page.objects.filter(pk=OuterRef("pk"), title__contains="board")
        assert titles(engine, "parking", Page.objects.filter(~Exists(hidden))) == ["Parking"]

    def test_hold_for_facets(self, engine):
        assert engine.search("parking", Page.objects.live()).facet("live") == {True: 1}

    def test_hold_though_the_index_is_older(self, engine):
        Page.objects.filter(title="Parking").update(live=False)
        assert engine.search("parking", Page.objects.live()).count() == 0

    def test_hold_for_more_hits_than_are_named_to_the_database(self, engine, monkeypatch):
        monkeypatch.setattr(results, "NAMED", 1)
        found = engine.search("parking", Page.objects.live())
        assert ([one.title for one in found], found.facet("live")) == (["Parking"], {True: 1})

    def test_take_one_query_and_the_pages_another(self, engine, django_assert_num_queries):
        found = engine.search("parking", Page.objects.live())
        with django_assert_num_queries(2):
            assert (found.count(), len(found[:10]), len(found[10:20])) == (1, 1, 0)

    def test_without_any_only_the_pages_are_read(self, engine, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert len(engine.search("parking", Page)[:10]) == 2


class TestAudiences:
    """The one door is a filter like any other, and holds without indexing anything again."""

    @pytest.mark.parametrize("model", [Page, StandardPage])
    def test_a_restricted_page_is_neither_a_hit_nor_counted(self, engine, model):
        page("Parking")
        restrict(page("Parking of the board"), segment("IT"))
        found = engine.search("parking", visible(model.objects.all(), seen_by(person(department="HR"))))
        assert ([one.title for one in found], found.count()) == (["Parking"], 1)
        assert found.facet("live") == {True: 1}


class TestQueries:
    def test_a_word_of_the_title_counts_more(self, engine):
        page("Cars", intro="Parking parking parking")
        page("Parking")
        assert titles(engine, "parking") == ["Parking", "Cars"]

    def test_pages_of_results_neither_repeat_nor_miss_one(self, engine):
        for number in range(12):
            page(f"Parking {'plant ' * (number % 5)} {number}")
        found = engine.search("parking plant", Page, operator="or")
        assert len({one.pk for start in range(0, 12, 5) for one in found[start : start + 5]}) == 12

    def test_a_misspelt_word_is_found_by_a_fuzzy_search(self, engine):
        page("Parking")
        assert titles(engine, Fuzzy("parkimg")) == ["Parking"]

    def test_a_phrase_is_found_in_its_order(self, engine):
        page("To be or not to be")
        assert (titles(engine, Phrase("or not to be")), titles(engine, Phrase("not or"))) == (
            ["To be or not to be"],
            [],
        )

    def test_autocompletion_takes_the_start_of_each_word(self, engine):
        page("Parking at the plant")
        assert [one.title for one in engine.autocomplete("pla park", Page)] == ["Parking at the plant"]

    def test_what_matches_everything_keeps_the_order_of_the_queryset(self, engine):
        page("B")
        page("A")
        update_index()
        pages = Page.objects.child_of(home())
        assert titles(engine, MATCH_ALL, pages.order_by("title")) == ["A", "B"]


class TestSeveralIndexes:
    def test_each_root_model_has_its_own(self, tmp_path):
        engine = backend(tmp_path)
        page("Parking")
        rebuilt(engine)
        assert [path.name for path in tmp_path.iterdir()] == ["wagtailcore_page"]

    def test_two_backends_do_not_meet(self, tmp_path):
        page("Parking")
        rebuilt(backend(tmp_path / "one"))
        assert titles(backend(tmp_path / "other"), "parking") == []
