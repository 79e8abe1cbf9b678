"""The search page, as people ask for it."""

import pytest
from django.test import Client
from wagtail.models import Locale

from tests.builders import page, person
from tests.builders import segment as group
from tests.streams.subscribing import choose
from tests.streams.timeline import published
from tests.targeting.restricting import recommend, restrict
from wagtail_personalize.hookspecs import recorded
from wagtail_personalize.streams.hashtag_uses import read

from .committed import on_the_database

pytestmark = on_the_database


def signed_in(someone=None):
    client = Client()
    client.force_login(someone or person(department="HR"))
    return client


def found(query, someone=None, **parameters):
    return signed_in(someone).get("/people/search.json", {"q": query, **parameters}).json()


def titles(query, someone=None, **parameters):
    return [one["title"] for one in found(query, someone, **parameters)["pages"]]


class TestFinding:
    def test_finds_a_page_by_the_words_of_its_title(self):
        page("Parking at the plant")
        page("Holidays")
        assert titles("parking") == ["Parking at the plant"]

    def test_finds_all_words_in_any_order(self):
        page("Parking at the plant")
        page("Parking in town")
        assert titles("plant parking") == ["Parking at the plant"]

    def test_a_hashtag_narrows(self):
        read([page("Parking #safety"), page("Parking and bicycles")])
        assert titles("parking #safety") == ["Parking #safety"]

    def test_a_hashtag_alone_lists_its_pages(self):
        read([page("Helmets #safety"), page("Parking")])
        assert titles("#safety") == ["Helmets #safety"]

    def test_the_page_says_how_many(self):
        page("Parking")
        assert "1 page" in signed_in().get("/people/search/", {"q": "parking"}).content.decode()

    def test_without_a_question_there_is_an_empty_page(self):
        assert "Finds pages, colleagues and documents" in signed_in().get("/people/search/").content.decode()

    def test_a_colleague_is_found_by_name(self):
        person(first_name="Zoë", last_name="Quandt", department="HR")
        assert [one["name"] for one in found("quandt")["people"]] == ["Zoë Quandt"]

    def test_visitors_who_are_not_signed_in_find_no_colleagues(self):
        person(first_name="Zoë", last_name="Quandt", department="HR")
        assert Client().get("/people/search.json", {"q": "quandt"}).json()["people"] == []

    def test_while_typing_a_begun_word_is_enough(self):
        page("Parking at the plant")
        text = signed_in().get("/people/search/", {"q": "park"}, headers={"HX-Request": "true"}).content.decode()
        assert "Parking at the plant" in text
        assert "<html" not in text

    @pytest.mark.parametrize(
        "query", ["*" * 50, "' OR 1=1 --", "a" * 10_000, "%_%", "\x00", "((((", '"', "🙂", "AND OR NOT"]
    )
    def test_nothing_that_is_typed_breaks_it(self, query):
        assert signed_in().get("/people/search/", {"q": query}).status_code == 200

    def test_what_is_typed_is_escaped(self):
        text = signed_in().get("/people/search/", {"q": "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert(1)" not in text


class TestPermission:
    def test_what_somebody_may_not_open_is_neither_hit_nor_count_nor_facet(self):
        secret = page("Parking for managers")
        read([page("Parking"), secret])
        restrict(secret, group("Board"))
        answer = found("parking")
        assert ([one["title"] for one in answer["pages"]], answer["count"]) == (["Parking"], 1)

    def test_members_find_it(self):
        secret = page("Parking for managers")
        restrict(secret, group("Board"))
        assert titles("parking", person(department="Board")) == ["Parking for managers"]

    def test_did_you_mean_tells_only_of_what_is_open(self):
        secret = page("Zeppelins")
        restrict(secret, group("Board"))
        assert found("zepelins")["did_you_mean"] == ""
        assert found("zepelins", person(department="Board"))["did_you_mean"] == "zeppelins"

    def test_a_hashtag_of_closed_pages_finds_nothing(self):
        secret = page("Merger #merger")
        read([secret])
        restrict(secret, group("Board"))
        assert found("#merger")["count"] == 0


class TestRanking:
    def test_what_is_recommended_stands_higher_and_says_so(self):
        for number in range(4):
            page(f"Parking {number}")
        mine = page("Parking and much more about bicycles and trains")
        recommend(mine, group("HR"))
        first = found("parking")["pages"][0]
        assert (first["title"], first["because"]) == (mine.title, ["Recommended to you"])

    def test_what_somebody_follows_says_so(self):
        someone, topic = person(department="HR"), published("Mobility")
        published("Parking", parent=topic)
        choose(someone, topic)
        assert found("parking", someone)["pages"][0]["because"] == ["From what you follow"]


class TestFacets:
    def test_each_value_says_how_many_pages_it_leaves(self):
        read([page("Parking #cars"), page("Parking #cars #bikes"), page("Parking")])
        offered = found("parking")["facets"]["hashtag"]
        assert {one["label"]: one["count"] for one in offered} == {"#cars": 2, "#bikes": 1}

    def test_a_chosen_value_narrows(self):
        read([page("Parking #cars"), page("Parking #bikes")])
        value = next(one["value"] for one in found("parking")["facets"]["hashtag"] if one["label"] == "#cars")
        assert titles("parking", hashtag=value) == ["Parking #cars"]

    def test_an_unknown_value_finds_nothing(self):
        page("Parking")
        assert titles("parking", section="nowhere") == []


class TestLanguages:
    def test_a_page_found_in_two_languages_is_shown_in_the_readers(self):
        german = Locale.objects.get_or_create(language_code="de")[0]
        one = page("Parking Utrecht")
        copy = one.copy_for_translation(german, copy_parents=True)
        copy.title = "Parking Utrecht auf Deutsch"
        copy.save_revision().publish()
        assert titles("utrecht") == ["Parking Utrecht"]


class TestTelling:
    def test_a_search_is_told_with_its_number_of_results(self):
        told = []
        page("Parking")

        def listen(kind, obj, **kwargs):
            told.append((kind, obj.words, obj.results))

        recorded.connect(listen)
        try:
            found("parking")
            found("parking", page=2)
        finally:
            recorded.disconnect(listen)
        assert told == [("search", "parking", 1)]


class TestEngineAway:
    def test_the_page_says_so_kindly(self, settings):
        settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "tests.search.engine_away"}}
        response = signed_in().get("/people/search/", {"q": "parking"})
        assert (response.status_code, "Search has a break" in response.content.decode()) == (200, True)


class TestQueries:
    def test_as_many_for_twenty_pages_as_for_three(self, django_assert_max_num_queries):
        someone = person(department="HR")
        client = signed_in(someone)
        for number in range(3):
            page(f"Parking {number}")
        client.get("/people/search.json", {"q": "parking"})
        with django_assert_max_num_queries(60) as few:
            client.get("/people/search.json", {"q": "parking"})
        for number in range(3, 20):
            page(f"Parking {number}")
        with django_assert_max_num_queries(len(few)):
            client.get("/people/search.json", {"q": "parking"})
