"""Comments on a page: written, changed, removed and read."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from tests.builders import home, page, person, user
from tests.streams.test_notification_pages import queries
from wagtail_personalize.communities.comments.models import Opening, PageComments, State
from wagtail_personalize.communities.comments.reading import with_comment_counts
from wagtail_personalize.communities.comments.writing import purge_removed
from wagtail_personalize.communities.models import Comment, CommentReaction, Mention
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.visibility import can_see, visible

from .commenting import address, answer, colleague, comments_of, only_for, rendered, say, signed_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


class TestWriting:
    def test_shows_it_below_the_page_with_the_name_of_its_author(self, ada, bob, news):
        say(ada, news, "Well done!")
        text = comments_of(bob, news)
        assert "Well done!" in text
        assert "Ada Byron" in text
        assert "1 comment" in text

    def test_leads_back_to_the_comment(self, ada, news):
        response = signed_in(ada).post(address(news), {"text": "Here"})
        pk = Comment.objects.get().pk
        assert response.url == f"{news.get_url()}?comment={pk}#wp-comment-{pk}"

    def test_gives_htmx_the_list_with_the_new_comment(self, ada, news):
        text = signed_in(ada).post(address(news), {"text": "Here"}, headers=HTMX).content.decode()
        assert 'id="wp-comments"' in text
        assert "data-wp-new" in text

    def test_keeps_lines_and_makes_links_of_addresses(self, ada, news):
        html = say(ada, news, "One\ntwo\n\nhttps://example.org/a?b=1").html
        assert "One<br>two" in html
        assert '<a href="https://example.org/a?b=1" rel="nofollow noopener noreferrer">' in html

    @pytest.mark.parametrize(("text", "says"), [(" \n", "Write something"), ("x" * 5001, "1 letter too long")])
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, ada, news, text, says):
        for headers in ({}, HTMX):
            shown = signed_in(ada).post(address(news), {"text": text}, headers=headers).content.decode()
            assert says in shown
            assert f">{text}</textarea>" in shown
        assert not Comment.objects.exists()

    def test_is_refused_after_ten_in_a_minute_also_for_who_removes_them(self, ada, news):
        for number in range(10):
            signed_in(ada).post(f"/people/comments/{say(ada, news, str(number)).pk}/", {"do": "remove"})
        assert "many comments" in signed_in(ada).post(address(news), {"text": "One more"}).content.decode()
        Comment.objects.update(created_at=Comment.objects.first().created_at - timedelta(minutes=2))
        assert say(ada, news, "One more").state == State.VISIBLE

    def test_is_not_for_visitors_and_needs_a_token_and_post(self, ada, news):
        assert Client().post(address(news), {"text": "x"}).status_code == 302
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(ada)
        assert strict.post(address(news), {"text": "x"}).status_code == 403
        assert signed_in(ada).get(address(news), {"text": "x"}).status_code == 302
        assert not Comment.objects.exists()


class TestAnswering:
    def test_stands_below_what_it_answers(self, ada, bob, news):
        first = say(ada, news, "Question?")
        assert answer(bob, first, "Answer.").parent == first
        text = comments_of(ada, news)
        assert text.index("Question?") < text.index("Answer.")

    def test_goes_one_level_deep(self, ada, bob, news):
        reply = answer(bob, say(ada, news, "Question?"), "Answer.")
        response = signed_in(ada).post(address(news), {"text": "Deeper", "parent": reply.pk})
        assert "not there any more" in response.content.decode()

    def test_is_refused_below_a_comment_of_another_page(self, ada, news):
        other = say(ada, page("Other"), "Elsewhere")
        response = signed_in(ada).post(address(news), {"text": "x", "parent": other.pk})
        assert "not there any more" in response.content.decode()


class TestChanging:
    def test_is_offered_as_it_was_typed_and_says_that_it_was_changed(self, ada, bob, news):
        comment = say(ada, news, "Fisrt <b>line</b>\nsecond & third")
        mine = signed_in(ada)
        shown = mine.get(f"/people/comments/{comment.pk}/").content.decode()
        assert "Fisrt &lt;b&gt;line&lt;/b&gt;\nsecond &amp; third</textarea>" in shown
        mine.post(f"/people/comments/{comment.pk}/", {"text": "First line"})
        text = comments_of(bob, news)
        assert "First line" in text
        assert "changed" in text

    @pytest.mark.parametrize("data", [{"text": "Mine now"}, {"do": "remove"}])
    def test_is_for_the_author_only(self, ada, bob, news, data):
        comment = say(ada, news, "Hers")
        assert signed_in(bob).post(f"/people/comments/{comment.pk}/", data).status_code == 404
        assert signed_in(user(is_superuser=True)).post(f"/people/comments/{comment.pk}/", data).status_code == 404
        comment.refresh_from_db()
        assert "Hers" in comment.html


class TestRemoving:
    def test_takes_it_away_with_all_that_hangs_on_it(self, ada, bob, news):
        comment = say(ada, news, "Oops @Bob Stone")
        signed_in(bob).post(f"/people/comments/{comment.pk}/reactions/", {"kind": "like"})
        signed_in(ada).post(f"/people/comments/{comment.pk}/", {"do": "remove"})
        assert "Oops" not in comments_of(bob, news)
        assert not Mention.objects.exists()
        assert not CommentReaction.objects.exists()
        assert Comment.objects.get().html == ""

    def test_leaves_a_trace_as_long_as_there_are_answers(self, ada, bob, news):
        comment = say(ada, news, "Oops")
        answer(bob, comment, "Never mind")
        signed_in(ada).post(f"/people/comments/{comment.pk}/", {"do": "remove"})
        text = comments_of(bob, news)
        assert "This comment was removed." in text
        assert "Never mind" in text
        assert "Ada" not in text

    def test_leaves_nothing_a_day_later(self, ada, bob, news):
        gone, answered = say(ada, news, "Gone"), say(ada, news, "Answered")
        answer(bob, answered, "Yes")
        for comment in (gone, answered):
            signed_in(ada).post(f"/people/comments/{comment.pk}/", {"do": "remove"})
        assert purge_removed() == 0
        Comment.objects.update(created_at=gone.created_at - timedelta(days=2))
        purge_removed()
        assert not Comment.objects.filter(pk=gone.pk).exists()
        assert Comment.objects.get(pk=answered.pk).author is None


class TestPeopleWhoLeave:
    def test_stand_there_as_former_colleagues_and_come_back_with_their_account(self, ada, bob, news):
        say(ada, news, "I was here")
        say(bob, news, "Thanks @Ada Byron")
        type(ada).objects.filter(pk=ada.pk).update(is_active=False)
        text = comments_of(bob, news)
        assert "Ada" not in text
        assert "@Former colleague" in text
        assert "I was here" in text

    def test_are_erased_with_what_points_to_them_and_the_text_stays(self, ada, bob, news):
        say(ada, news, "I was here")
        hello = say(bob, news, "Thanks @Ada Byron")
        pk = ada.pk
        ada.delete()
        assert Comment.objects.get(html__contains="here").author is None
        assert not Mention.objects.exists()
        assert str(pk) not in Comment.objects.get(pk=hello.pk).html.replace('data-mention="1"', "")
        assert "@Former colleague" in comments_of(bob, news)


class TestLanguages:
    def test_share_their_comments(self, ada, bob, news):
        say(ada, news, "Said in English")
        german, _new = Locale.objects.get_or_create(language_code="de")
        home().copy_for_translation(german)
        translated = news.copy_for_translation(german)
        translated.save_revision().publish()
        translated.refresh_from_db()
        assert "Said in English" in comments_of(bob, translated)


class TestPagesThatOneMayNotSee:
    def test_have_no_comments_at_all(self, ada, news):
        comment = say(ada, news, "Secret figures")
        only_for(news, "Finance")
        outsider, insider = person(department="HR"), person(department="Finance")
        assert comments_of(outsider, news).strip() == ""
        assert "Secret figures" in comments_of(insider, news)
        outside, inside = Viewer.for_person(outsider), Viewer.for_person(insider)
        assert [can_see(comment, one) for one in (outside, inside)] == [False, True]
        assert [visible(Comment.objects.all(), one).count() for one in (outside, inside)] == [0, 1]
        assert [with_comment_counts([news], one)[0].comment_count for one in (outside, inside)] == [0, 1]

    def test_answer_like_missing_ones(self, ada, news):
        comment = say(ada, news, "Secret")
        only_for(news, "Finance")
        outsider = signed_in(person(department="HR"))
        missing = "11111111-1111-4111-8111-111111111111"
        for method, path in _addresses():
            there = getattr(outsider, method)(path.format(key=news.translation_key, pk=comment.pk))
            nowhere = getattr(outsider, method)(path.format(key=missing, pk=999_999))
            assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), path
            assert there.status_code == 404, path

    def test_take_the_right_of_the_author_too(self, ada, news):
        comment = say(ada, news, "Mine")
        only_for(news, "Finance")
        assert signed_in(ada).post(f"/people/comments/{comment.pk}/", {"text": "x"}).status_code == 404


def _addresses():
    by_page, by_comment = "/people/{}/{{key}}/", "/people/comments/{pk}/"
    return [
        ("post", by_page.format("comments")),
        ("get", by_page.format("comments")),
        ("get", by_page.format("comments") + "people/?q=a"),
        ("post", by_page.format("comments") + "opening/"),
        ("post", by_page.format("reactions")),
        ("get", by_page.format("reactions") + "who/"),
        ("post", by_page.format("bookmarks")),
        ("post", by_page.format("share")),
        ("get", by_comment),
        ("post", by_comment),
        ("get", by_comment + "report/"),
        ("post", by_comment + "report/"),
        ("post", by_comment + "reactions/"),
        ("get", by_comment + "reactions/who/"),
    ]


class TestLongLists:
    @pytest.fixture
    def crowded(self, ada, bob, news):
        """Fifty comments with three reactions each; ten of them answer the first one."""
        people = [colleague("P", str(number)) for number in range(3)]
        first = say(ada, news, "The first #Safety")
        rows = [_row(news, bob, number, first if number < 10 else None) for number in range(49)]
        rows = Comment.objects.bulk_create(rows)
        CommentReaction.objects.bulk_create(
            CommentReaction(comment=comment, person=one, kind="like", at=comment.created_at)
            for comment in Comment.objects.all()
            for one in people
        )
        return news

    def test_take_a_fixed_number_of_queries(self, ada, crowded):
        small = page("Small")
        say(ada, small, "Only one #Safety")
        few = queries(lambda: comments_of(ada, small))
        assert queries(lambda: comments_of(ada, crowded)) <= few + 1
        assert few <= 17

    def test_go_on_behind_twenty(self, ada, crowded):
        text = comments_of(ada, crowded)
        assert text.count('class="wp-thread"') == 20
        assert "The first" not in text
        before = Comment.objects.filter(parent=None).order_by("-pk")[19].pk
        assert f"comments={before}#wp-comments" in text
        rest = comments_of(ada, crowded, f"/?comments={before}")
        assert "The first" in rest
        part = signed_in(ada).get(f"{address(crowded)}?before={before}", headers=HTMX).content.decode()
        assert part.count('class="wp-thread"') == 20
        assert "<section" not in part

    def test_begin_at_a_comment_that_was_asked_for(self, ada, crowded):
        first = Comment.objects.earliest("pk")
        text = comments_of(ada, crowded, f"/?comment={first.pk}")
        assert "The first" in text
        assert "wp-comment--here" in text

    def test_show_twenty_answers_and_then_the_others(self, ada, bob, crowded):
        first = Comment.objects.earliest("pk")
        Comment.objects.bulk_create(_row(crowded, bob, 100 + number, first) for number in range(15))
        text = comments_of(ada, crowded, f"/?comment={first.pk}")
        assert "Show 5 more answers" in text
        after = first.replies.order_by("pk")[19].pk
        for headers in ({}, HTMX):
            rest = signed_in(ada).get(f"{address(crowded)}?thread={first.pk}&after={after}", headers=headers)
            assert rest.content.decode().count("<article") == 5

    def test_are_counted_for_teasers_by_two_queries(self, ada, crowded):
        pages = [crowded, *(page(f"Page {number}") for number in range(5))]
        Viewer.for_person(ada).load()
        assert queries(lambda: with_comment_counts(pages, Viewer.for_person(ada))) <= 4
        shown = rendered(
            ada,
            "{% with_comment_counts pages as some %}{% for p in some %}{{ p.comment_count }} {% endfor %}",
            pages=pages,
        )
        assert shown == "50 0 0 0 0 0 "


def _row(news, author, number, parent=None):
    moment = Comment.objects.earliest("pk").created_at
    fields = {"author": author, "parent": parent, "html": f"<p>Number {number}</p>", "created_at": moment}
    return Comment(translation_key=news.translation_key, **fields)


class TestOpening:
    def test_is_closed_and_opened_again_by_whose_page_it_is(self, ada, bob, news):
        type(news).objects.filter(pk=news.pk).update(owner=ada)
        path = f"{address(news)}opening/"
        assert signed_in(bob).post(path, {"do": "close"}).status_code == 404
        signed_in(ada).post(path, {"do": "close"})
        assert "closed" in signed_in(bob).post(address(news), {"text": "Late"}).content.decode()
        assert "The comments of this page are closed." in comments_of(bob, news)
        signed_in(ada).post(path, {"do": "open"})
        assert say(bob, news, "In time").pk

    def test_off_means_that_there_are_none(self, ada, news):
        comment = say(ada, news, "Before")
        PageComments.objects.create(translation_key=news.translation_key, opening=Opening.OFF)
        assert comments_of(ada, news).strip() == ""
        assert signed_in(ada).post(address(news), {"text": "x"}).status_code == 404
        assert not can_see(comment, Viewer.for_person(ada))
        assert with_comment_counts([news], Viewer.for_person(ada))[0].comment_count == 0


class TestApproval:
    def test_comes_before_others_read_it(self, ada, bob, news, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "COMMENTS_NEED_APPROVAL": True}
        say(ada, news, "May I?")
        assert "May I?" not in comments_of(bob, news)
        assert "until it is approved" in comments_of(ada, news)


class TestReporting:
    def test_is_stored_once_for_each_person_and_tells_no_name(self, ada, bob, news):
        comment = say(ada, news, "Rude")
        path = reverse("wagtail_personalize:report_comment", args=[comment.pk])
        for _twice in range(2):
            response = signed_in(bob).post(path, {"reason": 1, "text": "Really"}, follow=True)
        assert response.status_code == 200
        assert comment.reports.count() == 1
        assert signed_in(ada).get(path).status_code == 404

    def test_needs_a_reason(self, ada, bob, news):
        comment = say(ada, news, "Rude")
        response = signed_in(bob).post(f"/people/comments/{comment.pk}/report/", {})
        assert "required" in response.content.decode()
        assert not comment.reports.exists()
