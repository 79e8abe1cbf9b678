"""Following by button, my subscriptions, shortcuts, the catalogue and the choice of interests, as people use them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from tests.builders import page, person, segment, user
from tests.streams.subscribing import choose, followed, level, rule
from tests.streams.test_hashtag_page import signed_in, tagged
from tests.targeting.restricting import restrict
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.automatic.models import Mode
from wagtail_personalize.streams.blocks import FollowBlock, ShortcutsBlock
from wagtail_personalize.streams.models import Hashtag, InterestsAnswer, Source, Subscription
from wagtail_personalize.streams.sources.finding import name_of
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.subscribing.shortcuts import add_shortcut, shortcuts_of

pytestmark = pytest.mark.django_db

MINE, CATALOGUE, INTERESTS = "/people/me/subscriptions/", "/people/sources/", "/people/me/interests/"
HISTORY, SHORTCUTS = "/people/me/subscriptions/history/", "/people/me/shortcuts/"


def address(obj):
    return reverse("wagtail_personalize:follow", args=name_of(obj))


def text(client, url):
    return client.get(url).content.decode()


def rendered(source, someone, **context):
    request = RequestFactory().get("/somewhere/?x=1")
    request.user = someone
    template = engines["django"].from_string("{% load personalize_tags %}" + source)
    return template.render(context, request)


class TestFollowing:
    def test_goes_and_comes_back_without_javascript(self):
        me, it = person(), page("IT")
        client = signed_in(me)
        response = client.post(address(it), {"level": "2", "next": it.url}, follow=True)
        assert response.redirect_chain == [(it.url, 302)]
        assert followed(me) == ["IT"]
        client.post(address(it), {"level": "0"})
        assert followed(me) == []

    def test_answers_htmx_with_the_button_as_it_is_now(self):
        me, it = person(), page("IT")
        answer = signed_in(me).post(address(it), {"level": "3"}, headers={"HX-Request": "true"}).content.decode()
        assert "Following · All" in answer
        assert "Stop following" in answer
        assert "<html" not in answer

    def test_needs_a_level_a_post_a_token_and_a_person(self):
        it = page("IT")
        client = signed_in()
        assert client.get(address(it)).status_code == 405
        assert client.post(address(it), {"level": "7"}).status_code == 400
        assert client.post(address(it)).status_code == 400
        assert Client().post(address(it), {"level": "2"})["Location"].startswith("/login/")
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(person())
        assert strict.post(address(it), {"level": "2"}).status_code == 403
        assert not Subscription.objects.exists()

    def test_never_leads_to_another_site(self):
        response = signed_in().post(address(page("IT")), {"level": "2", "next": "https://evil.example/"})
        assert response["Location"] == MINE

    @pytest.mark.parametrize("who", [person, lambda: user(is_superuser=True)])
    def test_hidden_and_missing_are_the_same(self, who):
        client, secret = signed_in(who()), tagged("#secret")
        names = [address(secret), address(Hashtag.objects.get())]
        restrict(secret, segment("Finance"))
        missing = reverse("wagtail_personalize:follow", args=["page", "00000000-0000-4000-8000-000000000000"])
        want = client.post(missing, {"level": "2"})
        for name in [*names, reverse("wagtail_personalize:follow", args=["nothing", "1"])]:
            got = client.post(name, {"level": "2"})
            assert (got.status_code, got.content) == (want.status_code, want.content) == (404, want.content)
            assert client.post(name, {"level": "x"}).status_code == 404
        assert not Source.objects.exclude(kind="everything").exists()

    def test_what_is_mandatory_cannot_be_left(self):
        ada, it = person(department="Finance"), page("Figures")
        rule(segment("Finance"), it, Mode.MANDATORY)
        client = signed_in(ada)
        assert "is mandatory for you" in client.post(address(it), {"level": "0"}, follow=True).content.decode()
        answer = client.post(address(it), {"level": "0"}, headers={"HX-Request": "true"}).content.decode()
        assert "cannot leave" in answer
        assert "Stop following" not in answer
        assert followed(ada) == ["Figures"]


class TestButton:
    def test_stands_on_any_page_and_says_why(self):
        ada, it = person(department="Finance"), page("Figures")
        assert ">Follow<" in rendered("{% follow_button page %}", ada, page=it)
        rule(segment("Finance"), it)
        shown = rendered("{% follow_button page %}", ada, page=it)
        assert "Automatically subscribed: Department is Finance" in shown
        assert 'value="/somewhere/?x=1"' in shown

    def test_stands_on_the_page_of_a_hashtag_and_of_a_colleague(self):
        tagged("#news")
        client, ada = signed_in(), person()
        assert address(Hashtag.objects.get()) in text(client, "/people/hashtags/news/")
        assert address(ada) in text(client, f"/people/person/{ada.pk}/")
        own = signed_in(ada)
        assert address(ada) not in text(own, f"/people/person/{ada.pk}/")

    def test_is_nothing_for_visitors_and_for_what_is_hidden(self):
        it = page("IT")
        assert rendered("{% follow_button page %}", AnonymousUser(), page=it).strip() == ""
        restrict(it, segment("Finance"))
        assert rendered("{% follow_button page %}", person(), page=it).strip() == ""
        assert rendered("{% follow_button nothing %}", person()).strip() == ""

    def test_is_a_block_too(self):
        me, it, other = person(), page("IT"), page("Other")
        block = FollowBlock()
        request = RequestFactory().get("/")
        request.user = me
        here = block.render(block.to_python({"page": None}), {"request": request, "page": it})
        there = block.render(block.to_python({"page": other.pk}), {"request": request, "page": it})
        assert address(it) in here
        assert address(other) in there
        assert block.get_api_representation(block.to_python({"page": other.pk})) is None

    def test_escapes_titles(self):
        it = page("<script>alert(1)</script>", slug="x")
        assert "<script>" not in rendered("{% follow_button page %}", person(), page=it)

    def test_costs_few_queries(self, django_assert_max_num_queries):
        me, it = person(department="Finance"), page("IT")
        rule(segment("Finance"), it)
        rendered("{% follow_button page %}", me, page=it)
        with django_assert_max_num_queries(6):
            rendered("{% follow_button page %}", me, page=it)


class TestMySubscriptions:
    def test_list_what_i_follow_and_why(self):
        ada, it = person(department="Finance"), page("Figures")
        rule(segment("Finance"), it)
        choose(ada, page("Canteen"), Level.MUTED)
        found = text(signed_in(ada), MINE)
        assert "Automatically subscribed: Department is Finance" in found
        assert found.index("Canteen") < found.index("Figures")
        assert "Muted" in found
        assert "You were subscribed automatically (Department is Finance)" in text(signed_in(ada), HISTORY)

    def test_help_who_follows_nothing(self):
        rule(segment("Finance"), page("Figures"), Mode.SUGGESTED)
        found = text(signed_in(person(department="Finance")), MINE)
        assert "You do not follow anything yet" in found
        assert "Figures" in found
        assert "Nothing has happened yet" in text(signed_in(), HISTORY)

    def test_are_for_people_who_are_signed_in(self):
        for url in (MINE, HISTORY, CATALOGUE, INTERESTS):
            assert Client().get(url).status_code == 302
            assert signed_in(user()).get(url).status_code == 200

    def test_cost_the_same_for_few_and_many(self):
        me, finance = person(department="Finance"), segment("Finance")
        client = signed_in(me)

        def follow(number):
            tagged(f"Page {number} #tag{number}")
            choose(me, Hashtag.objects.get(key=f"tag{number}"))
            choose(me, person())
            rule(finance, page(f"Given {number}"))
            add_shortcut(me.pk, Source.objects.latest("pk").pk)

        def asked(url):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            return len(queries)

        follow(0)
        urls = (MINE, HISTORY, CATALOGUE, INTERESTS)
        for url in urls:
            asked(url)
        few = [asked(url) for url in urls]
        for number in range(1, 6):
            follow(number)
        assert [asked(url) for url in urls] == few


class TestShortcuts:
    def test_are_put_moved_and_taken_off_without_javascript(self):
        me = person()
        client = signed_in(me)
        for title in "ABC":
            choose(me, it := page(title))
            kind, key = name_of(it)
            client.post(SHORTCUTS, {"do": "add", "kind": kind, "key": key})
        labels = lambda: [shown.label for _pk, shown, *_ in shortcuts_of(Viewer.for_person(me))]  # noqa: E731
        last = shortcuts_of(Viewer.for_person(me))[-1][0]
        client.post(SHORTCUTS, {"move": f"up:{last}"})
        assert labels() == ["A", "C", "B"]
        ids = [one.pk for one in shortcuts_of(Viewer.for_person(me))]
        answer = client.post(
            SHORTCUTS, {"do": "order", "order": ",".join(map(str, reversed(ids)))}, headers={"HX-Request": "true"}
        )
        assert labels() == ["B", "C", "A"]
        assert "wp-shortcuts__box" in answer.content.decode()
        client.post(SHORTCUTS, {"do": "remove", "kind": kind, "key": key})
        assert labels() == ["B", "A"]

    def test_are_only_of_what_one_follows(self):
        kind, key = name_of(page("IT"))
        assert signed_in().post(SHORTCUTS, {"do": "add", "kind": kind, "key": key}).status_code == 404

    @pytest.mark.parametrize(
        "sent", [{}, {"do": "x"}, {"move": "up:x"}, {"news": "on:x"}, {"move": "down:" + "9" * 40}, {"do": "order"}]
    )
    def test_take_nonsense_calmly(self, sent):
        assert signed_in().post(SHORTCUTS, sent).status_code == 302
        assert signed_in().post(SHORTCUTS, {"do": "order", "order": "x,-1,²"}).status_code == 302

    def test_are_a_widget_for_the_start_page(self):
        me, it = person(), page("IT")
        choose(me, it)
        add_shortcut(me.pk, Source.objects.get().pk)
        request = RequestFactory().get("/")
        request.user = me
        assert it.url in rendered("{% my_shortcuts %}", me)
        assert it.url in ShortcutsBlock().render(None, {"request": request})
        assert rendered("{% my_shortcuts %}", AnonymousUser()).strip() == ""


class TestCatalogue:
    def test_shows_everything_that_i_may_follow(self):
        section = page("Section")
        tagged("Below #news", parent=section)
        page("Leaf")
        ada = person("ada", first_name="Ada", last_name="Lovelace")
        client = signed_in()
        found = text(client, CATALOGUE)
        assert "Section" in found
        assert "Leaf" not in found
        assert "Leaf" in text(client, f"{CATALOGUE}?kind=page&q=leaf")
        assert "#news" in text(client, f"{CATALOGUE}?kind=hashtag")
        assert address(ada) in text(client, f"{CATALOGUE}?kind=person&q=lovelace")

    @pytest.mark.parametrize("query", ["?kind=x", "?page=99", "?page=x", "?q=%00", "?q=%25", "?kind=hashtag&q=%23"])
    def test_takes_nonsense_calmly(self, query):
        assert signed_in().get(CATALOGUE + query).status_code == 200


class TestInterests:
    def test_are_asked_once(self):
        me = person()
        tagged("Below #news", parent=page("Section"))
        assert "What interests you?" in rendered("{% interests_prompt %}", me)
        client = signed_in(me)
        found = text(client, INTERESTS)
        assert "Section" in found
        assert "#news" in found
        section = ":".join(name_of(page_called("Section")))
        client.post(INTERESTS, {"follow": [section, "page:x", "nonsense", "x:y:z"]})
        assert followed(me) == ["Section"]
        assert InterestsAnswer.objects.get().person == me
        assert rendered("{% interests_prompt %}", me).strip() == ""
        assert "Section" not in text(client, INTERESTS)

    def test_may_be_put_away(self):
        me = person()
        client = signed_in(me)
        assert client.post(INTERESTS, {"do": "skip"}).status_code == 302
        client.post(INTERESTS, {"do": "skip"})
        assert rendered("{% interests_prompt %}", me).strip() == ""

    def test_do_not_tell_what_is_hidden(self):
        me, secret = person(), page("Secret")
        restrict(secret, segment("Finance"))
        signed_in(me).post(INTERESTS, {"follow": ":".join(name_of(secret))})
        assert not Subscription.objects.exists()
        assert level(me, secret) == 0


def page_called(title):
    return Page.objects.get(title=title)
