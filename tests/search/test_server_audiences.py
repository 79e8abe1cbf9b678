"""The one door on Elasticsearch and OpenSearch: hits, counts, facets and pages of hits are those of who asks."""

import pytest
from wagtail.models import Page

from tests.builders import home, page, person, segment
from tests.intranet.models import StandardPage
from tests.search.engine import update_index
from tests.search.servers import BACKENDS, usable
from tests.targeting.restricting import open_up, restrict, seen_by
from wagtail_personalize.search.backends.server import limits
from wagtail_personalize.search.backends.server.documents import AudienceMapping
from wagtail_personalize.search.backends.server.pending import catch_up
from wagtail_personalize.search.models import PendingDocument
from wagtail_personalize.targeting.visibility import visible

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["opensearch3", pytest.param("elasticsearch9", marks=pytest.mark.once)])
def engine(request, on_server):
    return on_server(request.param)


@pytest.fixture
def board():
    return segment("Board")


def told(engine):
    """Everything that waits was told, and what was written is found."""
    catch_up()
    engine.refresh_indexes()


def asked(engine, model=Page, department="HR", words="parking", **options):
    return engine.search(words, visible(model.objects.all(), seen_by(person(department=department))), **options)


def found(engine, *args, **kwargs):
    results = asked(engine, *args, **kwargs)
    return sorted(one.title for one in results), results.count(), sum(results.facet("live").values())


class TestRestrictedPage:
    @pytest.fixture(autouse=True)
    def _pages(self, engine, board):
        page("Parking")
        restrict(page("Parking of the board"), board)
        told(engine)

    @pytest.mark.parametrize("model", [Page, StandardPage])
    def test_is_no_hit_and_not_counted_for_others(self, engine, model):
        assert found(engine, model) == (["Parking"], 1, 1)

    @pytest.mark.parametrize("model", [Page, StandardPage])
    def test_is_there_for_members(self, engine, model):
        assert found(engine, model, "Board") == (["Parking", "Parking of the board"], 2, 2)

    def test_nor_for_visitors_who_are_not_signed_in(self, engine):
        assert engine.search("parking", visible(Page.objects.all(), seen_by())).count() == 1

    def test_nor_while_somebody_types(self, engine):
        pages = visible(StandardPage.objects.all(), seen_by(person(department="HR")))
        assert engine.autocomplete("park", pages).count() == 1

    def test_leaves_no_gap_in_pages_of_hits(self, engine, board):
        for number in range(6):
            restrict(page(f"Parking {number} of the board", intro="parking " * 5), board)
            page(f"Parking lot {number}")
        told(engine)
        results = asked(engine)
        assert [len(results[start : start + 3]) for start in (0, 3, 6)] == [3, 3, 1]


class TestChangedAudience:
    def test_is_right_at_once_and_before_the_server_knows(self, engine, board):
        secret = page("Parking of the board")
        told(engine)
        assert found(engine)[1] == 1
        restrict(secret, board)
        assert found(engine) == ([], 0, 0)
        assert found(engine, department="Board")[1] == 0
        told(engine)
        assert (found(engine)[1], found(engine, department="Board")[1]) == (0, 1)

    def test_reaches_the_server_when_it_is_committed(self, engine, board, django_capture_on_commit_callbacks):
        secret = page("Parking of the board")
        with django_capture_on_commit_callbacks(execute=True):
            restrict(secret, board)
        assert not PendingDocument.objects.exists()
        assert found(engine, department="Board")[1] == 1

    def test_holds_for_all_pages_below(self, engine, board):
        section = page("Offices")
        page("Parking", parent=section)
        told(engine)
        restrict(section, board)
        told(engine)
        assert (found(engine)[1], found(engine, department="Board")[1]) == (0, 1)

    def test_that_is_lifted_opens_the_page(self, engine, board):
        secret = page("Parking")
        restrict(secret, board)
        told(engine)
        open_up(secret)
        told(engine)
        assert found(engine)[1] == 1

    def test_holds_for_a_page_that_moves(self, engine, board):
        section, moving = page("Board room"), page("Parking")
        restrict(section, board)
        told(engine)
        Page.objects.get(pk=moving.pk).move(Page.objects.get(pk=section.pk), pos="last-child")
        assert found(engine)[1] == 0
        told(engine)
        assert (found(engine)[1], found(engine, department="Board")[1]) == (0, 1)

    def test_during_a_rebuild_is_in_the_new_index(self, engine, board):
        secret = page("Parking of the board")
        rebuilder = engine.rebuilder_class(engine.get_index_for_model(Page))
        index = rebuilder.start()
        index.add_model(StandardPage)
        index.add_items(StandardPage, [secret])
        restrict(secret, board)
        catch_up()
        rebuilder.finish()
        assert (found(engine)[1], found(engine, department="Board")[1]) == (0, 1)

    def test_of_one_page_writes_nothing_else(self, engine, board):
        restricted, _other = page("Parking"), page("Bicycles")
        told(engine)
        restrict(restricted, board)
        assert [one.key for one in PendingDocument.objects.all()] == [str(restricted.pk)]


class TestWhatTheServerDoesNotKnow:
    def test_is_not_found_by_whoever_asks_for_what_they_may_see(self, engine, monkeypatch):
        """A document from before, without an audience."""
        index, old = engine.get_index_for_model(Page), page("Parking")
        monkeypatch.delattr(AudienceMapping, "get_document")
        index.write(old)
        engine.refresh_indexes()
        assert engine.search("parking", Page).count() == 1
        assert asked(engine).count() == 0

    def test_is_found_after_the_index_was_built_anew(self, engine):
        page("Parking")
        update_index()
        assert asked(engine).count() == 1


class TestFilters:
    def test_by_the_key_of_a_page_type_hold_for_counts(self, engine):
        one = page("Parking")
        page("Parking two")
        engine.refresh_indexes()
        assert engine.search("parking", StandardPage.objects.filter(pk=one.pk)).count() == 1
        assert engine.search("parking", StandardPage.objects.exclude(pk__in=[one.pk])).count() == 1

    def test_may_be_subqueries_of_keys(self, engine):
        page("Parking")
        hidden = Page.objects.filter(title="Parking").values("pk")
        engine.refresh_indexes()
        assert engine.search("parking", StandardPage.objects.exclude(pk__in=hidden)).count() == 0

    def test_with_more_values_than_a_clause_takes_are_several(self, engine, monkeypatch):
        monkeypatch.setattr(limits, "MOST_TERMS", 2)
        pages = [page(f"Parking {number}") for number in range(5)]
        engine.refresh_indexes()
        assert engine.search("parking", Page.objects.filter(pk__in=[one.pk for one in pages])).count() == 5


class TestFacets:
    def test_have_more_than_ten_values(self, engine):
        for number in range(12):
            page(f"Parking {number}", parent=page(f"Section {number}"))
        engine.refresh_indexes()
        assert len(asked(engine).facet("path")) == 12

    def test_tell_yes_from_no(self, engine):
        page("Parking", live=False)
        page("Parking lot")
        engine.refresh_indexes()
        assert engine.search("parking", Page).facet("live") == {True: 1, False: 1}


class TestQueries:
    def test_are_as_many_for_twelve_hits_as_for_one(self, engine, django_assert_num_queries):
        page("Parking")
        engine.refresh_indexes()
        viewer = seen_by(person(department="HR"))
        list(visible(Page.objects.all(), viewer)[:1])
        with django_assert_num_queries(2):
            results = engine.search("parking", visible(Page.objects.all(), viewer))
            assert (results.count(), len(results[:10])) == (1, 1)
        for number in range(11):
            page(f"Parking {number}")
        engine.refresh_indexes()
        with django_assert_num_queries(2):
            results = engine.search("parking", visible(Page.objects.all(), viewer))
            assert (results.count(), len(results[:10])) == (12, 10)


class TestBackend:
    @pytest.mark.parametrize("name", BACKENDS)
    def test_finds_on_each_version(self, name, on_server):
        if name not in usable():
            pytest.skip("The client that is installed is too new for it.")
        engine = on_server(name)
        page("Parking", parent=home())
        engine.refresh_indexes()
        assert asked(engine).count() == 1
