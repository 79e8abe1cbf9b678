"""Reactions, saving for later, and sharing."""

import pytest
from django.test import Client

from tests.builders import page, person, user
from tests.streams.test_notification_pages import queries
from wagtail_personalize import hookspecs
from wagtail_personalize.communities.checks import check_communities
from wagtail_personalize.communities.models import Bookmark, CommentReaction, PageReaction

from .commenting import only_for, rendered, say, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What was told to whoever measures."""
    found = []

    def hear(sender, kind, obj, viewer, **kwargs):
        found.append((kind, obj.pk, viewer.person_id))

    hookspecs.recorded.connect(hear)
    yield found
    hookspecs.recorded.disconnect(hear)


def react(someone, news, kind):
    return signed_in(someone).post(f"/people/reactions/{news.translation_key}/", {"kind": kind})


def reactions(someone, news):
    return rendered(someone, "{% reactions page %}", page=news)


class TestReactions:
    def test_are_one_for_each_person_that_can_be_changed_and_taken_back(self, ada, news):
        for kind, stored in (("like", ["like"]), ("idea", ["idea"]), ("idea", ["idea"]), ("", [])):
            react(ada, news, kind)
            assert list(PageReaction.objects.values_list("kind", flat=True)) == stored

    def test_are_shown_with_their_number_and_say_which_is_mine(self, ada, bob, news):
        react(ada, news, "like")
        react(bob, news, "like")
        text = reactions(ada, news)
        assert "2 reactions" in text
        assert text.count('aria-pressed="true"') == 1
        assert "Congratulations" in text

    def test_work_with_htmx(self, ada, news):
        path = f"/people/reactions/{news.translation_key}/"
        text = signed_in(ada).post(path, {"kind": "love"}, headers={"HX-Request": "true"}).content.decode()
        assert text.strip().startswith('<div class="wp-reactions"')
        assert 'aria-pressed="true"' in text

    def test_are_openly_visible_by_name(self, ada, bob, news):
        react(ada, news, "idea")
        text = signed_in(bob).get(f"/people/reactions/{news.translation_key}/who/").content.decode()
        assert "Ada Byron" in text
        assert "Good idea" in text

    def test_of_people_who_left_do_not_count(self, ada, bob, news):
        react(ada, news, "like")
        type(ada).objects.filter(pk=ada.pk).update(is_active=False)
        assert "reaction" not in reactions(bob, news).replace("wp-reactions", "").replace("/reactions/", "")

    def test_refuse_what_is_not_offered(self, ada, news):
        assert react(ada, news, "poo").status_code == 400
        assert not PageReaction.objects.exists()

    def test_to_comments_are_refused_when_the_comment_is_hidden(self, ada, bob, news):
        comment = say(ada, news, "Hello")
        path = f"/people/comments/{comment.pk}/reactions/"
        signed_in(bob).post(path, {"kind": "like"})
        assert CommentReaction.objects.get().person == bob
        type(comment).objects.update(state=3)
        assert signed_in(ada).post(path, {"kind": "like"}).status_code == 404

    def test_are_nothing_for_visitors_and_outsiders(self, ada, news):
        react(ada, news, "like")
        only_for(news, "Finance")
        assert reactions(person(department="HR"), news).strip() == ""
        assert Client().post(f"/people/reactions/{news.translation_key}/").status_code == 302

    def test_take_a_fixed_number_of_queries(self, ada, news):
        few = queries(lambda: reactions(ada, news))
        for number in range(10):
            react(user(f"u{number}"), news, ("like", "idea")[number % 2])
        assert queries(lambda: reactions(ada, news)) == few <= 5


class TestSetting:
    @pytest.mark.parametrize("given", [{}, {"like": "👍"}, {"Not ok!": "👍 Like"}, {str(n): "x y" for n in range(9)}])
    def test_is_checked(self, settings, given):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "REACTIONS": given}
        assert [found.id for found in check_communities(None)] == ["personalize_communities.E001"]

    def test_says_what_is_offered(self, settings, ada, news):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "REACTIONS": {"magic": "🦄 Magic"}}
        assert check_communities(None) == []
        react(ada, news, "magic")
        text = reactions(ada, news)
        assert "Magic" in text
        assert "Congratulations" not in text


class TestBookmarks:
    def test_are_a_private_list(self, ada, bob, news):
        path = f"/people/bookmarks/{news.translation_key}/"
        signed_in(ada).post(path, {"do": "save"})
        assert "News" in signed_in(ada).get("/people/me/bookmarks/").content.decode()
        assert "News" not in signed_in(bob).get("/people/me/bookmarks/").content.decode()
        assert "Saved" in rendered(ada, "{% save_for_later page %}", page=news)
        signed_in(ada).post(path, {"do": "remove"})
        assert not Bookmark.objects.exists()

    def test_hide_what_was_closed_since_and_can_still_be_removed(self, ada, news):
        path = f"/people/bookmarks/{news.translation_key}/"
        signed_in(ada).post(path, {"do": "save"})
        only_for(news, "Finance")
        assert "News" not in signed_in(ada).get("/people/me/bookmarks/").content.decode()
        assert signed_in(ada).post(path, {"do": "remove"}).status_code == 302
        assert not Bookmark.objects.exists()

    def test_take_a_fixed_number_of_queries(self, ada):
        client = signed_in(ada)

        def save(number):
            signed_in(ada).post(f"/people/bookmarks/{page(f'P{number}').translation_key}/", {"do": "save"})

        save(0)
        few = queries(lambda: client.get("/people/me/bookmarks/"))
        for number in range(1, 8):
            save(number)
        assert queries(lambda: client.get("/people/me/bookmarks/")) <= few


class TestSharing:
    def test_offers_the_link_and_an_e_mail(self, ada, news):
        text = rendered(ada, "{% share page %}", page=news)
        assert 'value="http' in text
        assert "mailto:?subject=News&amp;body=" in text


class TestWhoeverMeasures:
    def test_is_told_of_each_thing_once(self, ada, news, heard):
        client = signed_in(ada)
        say(ada, news, "Hello")
        for _twice in range(2):
            react(ada, news, "like")
            client.post(f"/people/bookmarks/{news.translation_key}/", {"do": "save"})
        client.post(f"/people/share/{news.translation_key}/")
        assert heard == [(kind, news.pk, ada.pk) for kind in ("comment", "reaction", "bookmark", "share")]
