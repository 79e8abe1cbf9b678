"""The page of a hashtag, as people ask for it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from tests.builders import page, person, segment, user
from tests.targeting.restricting import restrict
from wagtail_personalize.streams.hashtag_stream import ITEMS_PER_PAGE
from wagtail_personalize.streams.hashtag_uses import read
from wagtail_personalize.streams.models import Hashtag

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def tagged(title, *, days=0, **fields):
    new = page(title, first_published_at=NOW - timedelta(days=days), **fields)
    read([new])
    return new


def signed_in(someone=None):
    client = Client()
    client.force_login(someone or person(department="HR"))
    return client


def text(address="/people/hashtags/news/", client=None):
    return (client or signed_in()).get(address).content.decode()


def answer(address, client):
    response = client.get(address)
    kept = {name: value for name, value in response.headers.items() if name not in ("Location", "Expires")}
    return response.status_code, response.content, kept


class TestPage:
    def test_lists_the_newest_first(self):
        tagged("Old #news", days=2)
        tagged("New #news", days=1)
        tagged("No hashtag")
        found = text()
        assert found.index("New #news") < found.index("Old #news")
        assert "No hashtag" not in found

    def test_may_be_asked_for_in_any_spelling(self):
        tagged("#Größe")
        response = signed_in().get("/people/hashtags/GRÖSSE/", follow=True)
        assert response.status_code == 200
        assert response.redirect_chain[0][0].endswith("/gr%C3%B6sse/")

    def test_is_read_in_parts_without_gap_or_repetition(self):
        for number in range(ITEMS_PER_PAGE + 5):
            tagged(f"Number {number:02} #news", days=number // 3)
        client, address, seen = signed_in(), "/people/hashtags/news/", []
        while address:
            context = client.get(address).context
            seen += [found.title for found in context["pages"]]
            address = context["after"] and f"/people/hashtags/news/?after={context['after']}"
        assert sorted(seen) == [f"Number {number:02} #news" for number in range(ITEMS_PER_PAGE + 5)]

    @pytest.mark.parametrize("after", ["x", "1", "1-x", "9" * 40 + "-1", "-", "-1-1"])
    def test_begins_at_the_top_when_the_place_is_no_place(self, after):
        tagged("#news")
        assert signed_in().get(f"/people/hashtags/news/?after={after}").status_code == 200

    def test_costs_a_fixed_number_of_queries(self, django_assert_max_num_queries):
        client = signed_in()
        for number in range(ITEMS_PER_PAGE):
            tagged(f"Number {number} #news #other")
        text(client=client)
        with django_assert_max_num_queries(18):  # three are the follow button's
            text(client=client)

    def test_escapes_what_editors_write(self):
        tagged("<script>alert(1)</script> #news")
        assert "<script>alert" not in text()

    def test_shows_a_page_once_in_the_readers_language(self):
        found = tagged("English #news")
        german, _ = Locale.objects.get_or_create(language_code="de")
        translation = found.copy_for_translation(german, copy_parents=True)
        translation.title = "Deutsch #news"
        translation.save_revision().publish()
        assert [page.title for page in signed_in().get("/people/hashtags/news/").context["pages"]] == ["English #news"]
        german = signed_in().get("/people/hashtags/news/", headers={"accept-language": "de"})
        assert len(german.context["pages"]) == 1


class TestMissing:
    @pytest.mark.parametrize("client", [Client, signed_in, lambda: signed_in(user(is_superuser=True))])
    def test_and_hidden_get_the_same_answer(self, client):
        client = client()
        before = answer("/people/hashtags/secret/", client)
        hidden = tagged("#secret")
        assert answer("/people/hashtags/secret/", client)[0] == 200
        restrict(hidden, segment("Finance"))
        assert answer("/people/hashtags/secret/", client) == before
        assert before[0] in (302, 404)

    def test_is_what_is_blocked(self):
        tagged("#news")
        hashtag = Hashtag.objects.get()
        hashtag.blocked = True
        hashtag.save()
        assert signed_in().get("/people/hashtags/news/").status_code == 404

    def test_leads_an_anonymous_visitor_to_the_login(self):
        response = Client().get("/people/hashtags/nothere/")
        assert response.status_code == 302
        assert response["Location"].startswith("/login/")

    @pytest.mark.parametrize("key", ["1", "a b", "%00", "x" * 65, "-"])
    def test_is_what_is_no_hashtag(self, key):
        assert signed_in().get(f"/people/hashtags/{key}/").status_code == 404


class TestRestrictedPage:
    def test_appears_to_members_only(self):
        tagged("Open #news")
        restrict(tagged("Closed #news"), segment("Finance"))
        assert "Closed" not in text()
        assert "Closed" in text(client=signed_in(person(department="Finance")))

    @pytest.mark.parametrize(("kind", "sees"), [("login", True), ("password", False), ("groups", False)])
    def test_by_wagtails_own_privacy_does_not_appear(self, kind, sees):
        tagged("Open #news")
        closed = tagged("Closed #news")
        below = page("Below #news", parent=closed)
        read([below])
        restriction = PageViewRestriction.objects.create(page=closed, restriction_type=kind, password="x")
        found = text()
        assert ("Closed" in found, "Below" in found) == (sees, sees)
        assert "Closed" not in Client().get("/people/hashtags/news/").content.decode()
        someone = person()
        someone.groups.add(Group.objects.create(name="Staff"))
        restriction.groups.set(someone.groups.all())
        assert ("Closed" in text(client=signed_in(someone))) == (kind != "password")


class TestSynonym:
    def test_shares_the_stream(self):
        tagged("One #news")
        tagged("Two #Nachrichten #news")
        synonym = Hashtag.objects.get(key="nachrichten")
        synonym.synonym_of = Hashtag.objects.get(key="news")
        synonym.save()
        found = signed_in().get("/people/hashtags/nachrichten/", follow=True).context["pages"]
        assert sorted(one.title for one in found) == ["One #news", "Two #Nachrichten #news"]

    def test_has_one_level(self):
        tagged("#a #b #c")
        a, b, c = (Hashtag.objects.get(key=key) for key in "abc")
        b.synonym_of = a
        b.save()
        a.synonym_of = c
        a.save()
        assert set(c.synonyms.all()) == {a, b}


class TestRelated:
    def test_are_the_hashtags_that_appear_together(self):
        tagged("#news #safety")
        tagged("#news #safety #canteen")
        tagged("#other #canteen")
        related = signed_in().get("/people/hashtags/news/").context["related"]
        assert [(hashtag.label, hashtag.pages) for hashtag in related] == [("safety", 2), ("canteen", 1)]

    def test_are_counted_in_pages_that_one_may_see(self):
        tagged("#news #safety")
        restrict(tagged("#news #secret #safety"), segment("Finance"))
        related = signed_in().get("/people/hashtags/news/").context["related"]
        assert [(hashtag.label, hashtag.pages) for hashtag in related] == [("safety", 1)]


class TestSuggestions:
    def test_begin_like_what_was_typed(self):
        tagged("#News #newcomers #other")
        found = signed_in().get("/people/hashtags/?q=NEW").json()["hashtags"]
        assert sorted(one["label"] for one in found) == ["News", "newcomers"]

    @pytest.mark.parametrize("typed", ["", "%", "_", "#", "a b", "1"])
    def test_of_nothing_are_none(self, typed):
        tagged("#news")
        assert signed_in().get("/people/hashtags/", {"q": typed}).json() == {"hashtags": []}

    def test_are_for_people_who_are_signed_in(self):
        assert Client().get("/people/hashtags/?q=a").status_code == 302
