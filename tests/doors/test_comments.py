"""The doors of comments, reactions and mentions × every kind of viewer × every place of a restriction."""

from itertools import count

import pytest
from django.utils import timezone

from tests.builders import page as a_page
from tests.builders import person
from wagtail_personalize.communities.comments.reading import with_comment_counts
from wagtail_personalize.communities.models import Bookmark, Comment, CommentReaction, Mention, PageReaction
from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.streams.models import Notice, Notification
from wagtail_personalize.streams.notifications.events import event_called
from wagtail_personalize.streams.notifications.models import Mail
from wagtail_personalize.streams.notifications.reading import for_mail, waiting_for_digest
from wagtail_personalize.targeting.visibility import can_see, visible

from .restrictions import RESTRICTIONS, TITLE, shut
from .test_hashtags import _as, _template
from .test_matrix import walk
from .viewers import all_viewers
from .ways import Door, asking, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]

#: What stands in the comment on the restricted page, and nowhere else.
SECRET = "Zwijgplicht"
EVENTS = ("comment", "reply", "mention")
HTMX = {"HX-Request": "true"}
_numbers = count(1)


def _at(address, method="get", **data):
    """What comes back from an address about the comment or its page; what counts is whether there is anything."""

    def ask(client, page):
        comment = Comment.objects.get(html__contains=SECRET, parent=None)
        path = "/people/" + address.format(key=page.translation_key, pk=comment.pk)
        response = getattr(client, method)(path, data, headers=HTMX)
        return text_of(response) + (SECRET if response.status_code in (200, 204) else "")

    return ask


def _in_python(client, page):
    viewer = viewer_for(_as(client))
    comments = Comment.objects.filter(translation_key=page.translation_key)
    seen = visible(comments, viewer).count()
    assert seen == sum(can_see(comment, viewer) for comment in comments)
    return SECRET if seen else ""


def _writing(client, page):
    """Whether somebody gets a comment onto the page."""
    words = f"Words {next(_numbers)}"
    client.post(f"/people/comments/{page.translation_key}/", {"text": words})
    return SECRET if Comment.objects.filter(html__contains=words).exists() else ""


def _told(ask):
    """Ask as somebody who was told of it all, and saved and mentioned as if they could see it once."""

    def asked(client, page):
        someone = _as(client).user
        if someone.is_authenticated:
            comment = Comment.objects.get(html__contains=SECRET, parent=None)
            Mention.objects.get_or_create(comment=comment, person=someone, defaults={"number": next(_numbers)})
            now = {"defaults": {"at": timezone.now()}}
            Bookmark.objects.get_or_create(person=someone, translation_key=page.translation_key, **now)
            for notice in Notice.objects.all():
                values = {"mail": Mail.DIGEST}
                Notification.objects.get_or_create(person=someone, notice=notice, defaults=values)
        return ask(client, page)

    return asked


def _mail(client, page):
    viewer = viewer_for(_as(client))
    notices = waiting_for_digest([viewer.person_id]).get(viewer.person_id, []) if viewer.person_id else []
    return str(for_mail(notices, viewer))


def _number(client, page):
    found = with_comment_counts([page], viewer_for(_as(client)))
    return SECRET if found[0].comment_count else ""


def _reactions(client, page):
    return SECRET if "wp-reactions" in _template("{% reactions page %}")(client, page) else ""


DOORS = [
    Door("comments", _template("{% comments page %}")),
    Door("reactions", _reactions),
    Door("number of comments", _number),
    Door("in Python", _in_python),
    Door("part of the comments", _at("comments/{key}/")),
    Door("answers", _at("comments/{key}/?thread={pk}")),
    Door("whom one may mention", _at("comments/{key}/people/?q=a")),
    Door("writing", _writing),
    Door("reporting", _at("comments/{pk}/report/")),
    Door("reacting to a comment", _at("comments/{pk}/reactions/", "post", kind="like")),
    Door("who reacted to a comment", _at("comments/{pk}/reactions/who/")),
    Door("reacting to the page", _at("reactions/{key}/", "post", kind="like")),
    Door("who reacted to the page", _at("reactions/{key}/who/")),
    Door("saving for later", _at("bookmarks/{key}/", "post", do="save")),
    Door("sharing", _at("share/{key}/", "post")),
    Door("what is saved", _told(asking("/people/me/bookmarks/"))),
    Door("notifications", _told(asking("/people/me/notifications/"))),
    Door("mails", _told(_mail)),
    Door("what is recorded about me", _told(asking("/people/me/recorded/"))),
]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestDoors:
    def test_are_shut_for_all_but_members(self, restricted):
        page = shut(restricted)
        comment = talk(page)
        people = all_viewers()
        told = walk(DOORS, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}
        members = {_as(people["a member"]).user.pk}
        for event in EVENTS:
            notice = Notice.objects.get(event=event, key=str(comment.pk))
            assert set(event_called(event).people(notice).values_list("pk", flat=True)) <= members


def talk(page):
    """A comment with a reaction and an answer on the restricted page, by somebody who has left its audience since."""
    a_page("Open", slug="the-open-page")
    author, now = person(department="HR"), timezone.now()
    fields = {"translation_key": page.translation_key, "author": author, "created_at": now}
    comment = Comment.objects.create(html=f"<p>{SECRET}</p>", **fields)
    Comment.objects.create(html=f"<p>{SECRET} again</p>", parent=comment, **fields)
    CommentReaction.objects.create(comment=comment, person=author, kind="like", at=now)
    PageReaction.objects.create(translation_key=page.translation_key, person=author, kind="like", at=now)
    for event in EVENTS:
        Notice.objects.create(event=event, key=str(comment.pk), at=now, is_complete=True)
    return comment


def tells_of(page, answer):
    return SECRET in answer or TITLE in answer or page.url in answer
