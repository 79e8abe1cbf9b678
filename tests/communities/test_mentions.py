"""Mentions and hashtags in comments, and who is told."""

import pytest
from django.test import Client

from tests.builders import person
from tests.streams.notifying import afterwards, told
from tests.streams.test_hashtag_page import tagged
from tests.streams.timeline import published
from wagtail_personalize.communities.models import Mention
from wagtail_personalize.streams.models import HashtagUse, Notification

from .commenting import address, answer, colleague, comments_of, only_for, say, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return colleague("Ada", "Byron", department="Finance")


@pytest.fixture
def bob(db):
    return colleague("Bob", "Stone", department="Finance")


@pytest.fixture
def news(db):
    return published("News", slug="news")


def mentioned(comment):
    return list(Mention.objects.filter(comment=comment).order_by("number").values_list("person", flat=True))


class TestMentions:
    @pytest.mark.parametrize(
        "text", ["@Bob Stone", "Hi @bob stone, hi", "(@Bob Stone)", "What does @Bob Stone? say", "@Bob Stone's idea"]
    )
    def test_are_found_by_a_full_name(self, ada, bob, news, text):
        comment = say(ada, news, text)
        assert mentioned(comment) == [bob.pk]
        assert "Bob" not in comment.html

    @pytest.mark.parametrize("text", ["a@Bob Stone", "@Bob", "@Bobby Stone", "@Bob Stonehenge", "@", "@@Bob Stone"])
    def test_are_nothing_else(self, ada, bob, news, text):
        assert mentioned(say(ada, news, text)) == []

    def test_tell_people_of_one_name_apart_by_what_was_chosen(self, ada, bob, news):
        other = colleague("Bob", "Stone")
        assert mentioned(say(ada, news, "@Bob Stone")) == []
        assert mentioned(say(ada, news, "@Bob Stone", mention=[other.pk])) == [other.pk]

    def test_do_not_take_a_key_whose_name_is_not_there(self, ada, bob, news):
        assert mentioned(say(ada, news, "Nobody", mention=[bob.pk, "x", "99999999999999999999"])) == []

    def test_are_shown_by_the_name_of_today_with_a_link(self, ada, bob, news):
        say(ada, news, "Ask @Bob Stone")
        type(bob).objects.filter(pk=bob.pk).update(last_name="Rock")
        assert f'href="/people/person/{bob.pk}/">@Bob Rock</a>' in comments_of(ada, news)

    def test_come_back_when_a_comment_is_changed(self, ada, bob, news):
        comment = say(ada, news, "Ask @Bob Stone")
        shown = signed_in(ada).get(f"/people/comments/{comment.pk}/").content.decode()
        assert "Ask @Bob Stone</textarea>" in shown
        assert f'name="mention" value="{bob.pk}"' in shown

    def test_say_the_same_on_a_restricted_page_whoever_is_mentioned(self, ada, bob, news):
        only_for(news, "Finance")
        assert "Not everybody may open this page" in comments_of(ada, news)

    def test_are_offered_to_those_who_may_see_the_page(self, ada, bob, news):
        path = f"{address(news)}people/?q=bo"
        (found,) = signed_in(ada).get(path).json()["people"]
        assert (found["id"], found["name"]) == (str(bob.pk), "Bob Stone")
        assert Client().get(path).status_code == 302
        only_for(news, "Finance")
        assert signed_in(person(department="HR")).get(path).status_code == 404


class TestHashtags:
    def test_lead_to_their_page_and_are_not_counted(self, ada, news):
        tagged("Helmets #Safety")
        before = HashtagUse.objects.count()
        say(ada, news, "More #safety and #nothing")
        text = comments_of(ada, news)
        assert '<a class="hashtag" href="/people/hashtags/safety/">#safety</a>' in text
        assert "#nothing" in text
        assert "hashtags/nothing/" not in text
        assert HashtagUse.objects.count() == before

    def test_of_pages_that_one_may_not_see_are_plain_text(self, ada, bob, news):
        only_for(tagged("Plan #Merger"), "Finance")
        say(ada, news, "See #Merger")
        assert "hashtags/merger/" in comments_of(bob, news)
        assert "hashtags/merger/" not in comments_of(person(department="HR"), news)


class TestNotifications:
    @pytest.fixture
    def owner(self, news):
        owner = colleague("Olga", "Berg", department="Finance")
        type(news).objects.filter(pk=news.pk).update(owner=owner)
        return owner

    def test_tell_whom_it_mentions_whom_it_answers_and_whose_page_it_is(self, ada, bob, news, owner):
        cleo = colleague("Cleo", "Hart")
        with afterwards():
            first = say(ada, news, "Question")
        with afterwards():
            answer(bob, first, "Ask @Cleo Hart")
        assert told(cleo) == [("mention", "News")]
        assert told(ada) == [("reply", "News")]
        assert told(owner) == [("comment", "News"), ("comment", "News")]
        assert told(bob) == []

    def test_tell_each_person_once(self, ada, news, owner):
        with afterwards():
            first = say(owner, news, "Mine")
        with afterwards():
            answer(ada, first, "Thanks @Olga Berg")
        assert told(owner) == [("mention", "News")]

    def test_lead_to_the_comment(self, ada, news, owner):
        with afterwards():
            comment = say(ada, news, "Hello")
        text = signed_in(owner).get("/people/me/notifications/").content.decode()
        assert "Ada Byron commented on your page" in text
        pk = Notification.objects.get(person=owner).pk
        response = signed_in(owner).post(f"/people/me/notifications/{pk}/open/")
        assert response.url.endswith(f"?comment={comment.pk}&via=bell#wp-comment-{comment.pk}")

    def test_tell_nobody_who_may_not_see_the_page(self, ada, bob, news):
        only_for(news, "Finance")
        outsider = colleague("Otto", "Klein", department="HR")
        with afterwards():
            comment = say(ada, news, "@Otto Klein and @Bob Stone")
        assert mentioned(comment) == [outsider.pk, bob.pk]
        assert told(bob) == [("mention", "News")]
        assert told(outsider) == []
        assert not Notification.objects.filter(person=outsider).exists()

    def test_go_when_the_comment_is_removed(self, ada, bob, news):
        with afterwards():
            comment = say(ada, news, "@Bob Stone")
        signed_in(ada).post(f"/people/comments/{comment.pk}/", {"do": "remove"})
        assert told(bob) == []

    def test_reach_whom_a_change_mentions_and_nobody_twice(self, ada, bob, news):
        cleo = colleague("Cleo", "Hart")
        with afterwards():
            comment = say(ada, news, "@Bob Stone")
        for _twice in range(2):
            with afterwards():
                signed_in(ada).post(f"/people/comments/{comment.pk}/", {"text": "@Bob Stone @Cleo Hart"})
        assert told(bob) == told(cleo) == [("mention", "News")]
