"""Moderating comments in the admin, and switching them off for a page."""

import pytest
from wagtail.models import ModelLogEntry, PageLogEntry

from tests.builders import page, person, user
from tests.permissions import allowed
from tests.streams.notifying import afterwards, told
from tests.streams.test_notification_pages import queries
from tests.streams.timeline import published
from wagtail_personalize.communities.comments.models import CommentReport, State
from wagtail_personalize.communities.models import Comment

from .commenting import colleague, comments_of, only_for, say, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/personalize/comments/"


@pytest.fixture
def moderator(db):
    return signed_in(allowed(user(), "moderate_comments"))


@pytest.fixture
def news(db):
    return published("News", slug="news")


def bulk(what, *comments):
    query = "&".join(f"id={comment.pk}" for comment in comments)
    return f"/admin/bulk/personalize_communities/comment/personalize_{what}/?{query}"


def state(comment):
    return Comment.objects.get(pk=comment.pk).state


class TestList:
    def test_tells_what_was_reported_and_why_but_not_by_whom(self, moderator, ada, news):
        comment = say(ada, news, "Buy my bike")
        bob = colleague("Bob", "Stone")
        signed_in(bob).post(f"/people/comments/{comment.pk}/report/", {"reason": 3, "text": "Again"})
        say(ada, news, "Fine")
        text = moderator.get(f"{LIST}?reported=true").content.decode()
        assert "Buy my bike" in text
        assert "off the point: Again" in text
        assert "Bob" not in text
        assert "Fine" not in text

    def test_begins_with_what_needs_a_decision(self, moderator, ada, news):
        waits, reported, _newest = (say(ada, news, word) for word in ("Aardvark", "Badger", "Cobra"))
        Comment.objects.filter(pk=waits.pk).update(state=State.WAITING)
        CommentReport.objects.create(comment=reported, person=person(), reason=1, at=reported.created_at)
        text = moderator.get(LIST).content.decode()
        assert text.index("Aardvark") < text.index("Badger") < text.index("Cobra")

    def test_is_for_moderators(self, ada, news):
        for someone in (allowed(user()), allowed(user(), "change_hashtag")):
            assert signed_in(someone).get(LIST).status_code == 302
            response = signed_in(someone).post(bulk("hide", say(ada, news, "Hello")))
            assert response.status_code == 302
        assert set(Comment.objects.values_list("state", flat=True)) == {State.VISIBLE}

    def test_leaves_out_pages_that_are_closed_to_the_moderator(self, moderator, ada, news):
        comment = say(ada, news, "Secret figures")
        only_for(news, "Finance")
        assert "Secret figures" not in moderator.get(LIST).content.decode()
        moderator.post(bulk("hide", comment))
        assert state(comment) == State.VISIBLE

    def test_takes_a_fixed_number_of_queries(self, moderator, ada, news):
        say(ada, news, "One")
        few = queries(lambda: moderator.get(LIST))
        for number in range(5):
            say(colleague("P", str(number)), page(f"Page {number}"), "Hello")
        assert queries(lambda: moderator.get(LIST)) <= few + 1


class TestDeciding:
    def test_hides_comments_from_all_but_their_author(self, moderator, ada, news):
        comment = say(ada, news, "Rude")
        CommentReport.objects.create(comment=comment, person=person(), reason=1, at=comment.created_at)
        assert "Rude" in moderator.get(bulk("hide", comment)).content.decode()
        moderator.post(bulk("hide", comment))
        assert state(comment) == State.HIDDEN
        assert comment.reports.get().is_settled
        assert "Rude" not in comments_of(person(), news)
        assert "A moderator has hidden this comment" in comments_of(ada, news)
        assert ModelLogEntry.objects.get(action="wagtail_personalize.comment_hidden").object_id == str(comment.pk)

    def test_approves_and_only_then_tells_people(self, moderator, ada, news, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "COMMENTS_NEED_APPROVAL": True}
        bob = colleague("Bob", "Stone")
        with afterwards():
            comment = say(ada, news, "@Bob Stone")
        assert told(bob) == []
        with afterwards():
            moderator.post(bulk("approve", comment))
        assert told(bob) == [("mention", "News")]
        assert state(comment) == State.VISIBLE

    def test_does_not_bring_back_what_its_author_removed(self, moderator, ada, news):
        comment = say(ada, news, "Oops")
        signed_in(ada).post(f"/people/comments/{comment.pk}/", {"do": "remove"})
        moderator.post(bulk("approve", comment))
        assert state(comment) == State.REMOVED


class TestPages:
    def test_are_switched_off_by_who_may_publish_them(self, ada, news):
        say(ada, news, "Before")
        path = f"/admin/personalize/page-comments/page/{news.pk}/"
        editor = signed_in(user(is_superuser=True))
        assert "switched off" in editor.get(path).content.decode().lower()
        editor.post(path, {"opening": 2})
        assert comments_of(ada, news).strip() == ""
        entry = PageLogEntry.objects.get(action="wagtail_personalize.comments")
        assert entry.formatter.format_message(entry) == "Comments: switched off"
        assert signed_in(allowed(user())).post(path, {"opening": 0}).status_code == 302
        assert comments_of(ada, news).strip() == ""
