"""Who is told of a comment: whom it mentions, whom it answers, whose page it is. Each person once, in this order.

Whether somebody may see it is asked when they are told, and again whenever it is shown or sent: whoever may not open
the page gets nothing. The author is not told who that is, because it would tell who belongs to the page's audience.
"""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.notifications import recipients
from wagtail_personalize.streams.notifications.events import Event, Told, register_event
from wagtail_personalize.streams.notifications.models import Mail, Notice
from wagtail_personalize.streams.notifications.telling import is_quiet, tell, write_soon
from wagtail_personalize.targeting.page_tree import page_model
from wagtail_personalize.targeting.visibility import visible

from ..open_page import pages_by_key
from ..people_shown import former, shown_people
from .address import address_of
from .models import Comment, Mention, State


class CommentEvent(Event):
    """Something about a comment; the key of the notice is that of the comment."""

    mail = Mail.DIGEST
    icon = "comment"

    @abstractmethod
    def concerned(self, comment: Comment) -> list[Any]:
        """The keys of the people whom it is for."""

    @abstractmethod
    def sentence(self, name: str) -> str:
        """What happened."""

    def people(self, notice: Notice) -> QuerySet:
        comment = Comment.objects.filter(pk=int(notice.key), state=State.VISIBLE).first()
        people = recipients.active_people()
        if comment is None:
            return people.none()
        people = people.filter(pk__in=self.concerned(comment)).exclude(pk=comment.author_id)
        return recipients.able_to_open(people, comment.translation_key)

    def shown(self, notices: Collection[Notice], viewer: Viewer) -> Mapping[Any, Told]:
        comments = _comments(notices, viewer)
        authors = shown_people(comment.author_id for comment in comments.values())
        pages = pages_by_key((comment.translation_key for comment in comments.values()), viewer)
        told = {}
        for notice in notices:
            comment = comments.get(int(notice.key))
            page = pages.get(comment.translation_key) if comment else None
            if comment and page:
                sentence = self.sentence(authors.get(comment.author_id, former()).name)
                told[notice.pk] = Told(notice, sentence, page.title, address_of(comment, page))
        return told

    def seen(self, notices: Collection[Notice], viewer: Viewer) -> set[Any]:
        found = _comments(notices, viewer)
        return {notice.pk for notice in notices if int(notice.key) in found}


@register_event
class MentionedInComment(CommentEvent):
    name = "mention"
    label = gettext_lazy("Somebody mentions me")
    description = gettext_lazy("In a comment on a page that I may open.")
    order = 60

    def concerned(self, comment: Comment) -> list[Any]:
        return list(Mention.objects.filter(comment=comment).values_list("person", flat=True))

    def sentence(self, name: str) -> str:
        return _("%(person)s mentioned you") % {"person": name}


@register_event
class Answered(CommentEvent):
    name = "reply"
    label = gettext_lazy("Somebody answers me")
    description = gettext_lazy("Below a comment of mine.")
    order = 61

    def concerned(self, comment: Comment) -> list[Any]:
        first = comment.parent
        return [first.author_id] if first and first.author_id not in MentionedInComment().concerned(comment) else []

    def sentence(self, name: str) -> str:
        return _("%(person)s answered your comment") % {"person": name}


@register_event
class CommentOnMyPage(CommentEvent):
    name = "comment"
    label = gettext_lazy("Somebody comments on a page of mine")
    description = gettext_lazy("On pages that belong to me.")
    order = 62

    def concerned(self, comment: Comment) -> list[Any]:
        pages = page_model()._base_manager.filter(translation_key=comment.translation_key, live=True)
        owners = set(pages.order_by().values_list("owner", flat=True)) - {None}
        told: set[Any] = {*MentionedInComment().concerned(comment), *Answered().concerned(comment)}
        return list(owners - told)

    def sentence(self, name: str) -> str:
        return _("%(person)s commented on your page") % {"person": name}


EVENTS: tuple[type[CommentEvent], ...] = (MentionedInComment, Answered, CommentOnMyPage)


def tell_about(comment: Comment) -> None:
    """Have the people told whom a visible comment concerns; who was told of it already is not told again."""
    if comment.state != State.VISIBLE or is_quiet():
        return
    for event in EVENTS:
        if not event().concerned(comment):
            continue
        if tell(event.name, str(comment.pk), by_id=comment.author_id) is None:
            again = Notice.objects.filter(event=event.name, key=str(comment.pk))
            again.update(is_complete=False)
            for notice in again:
                write_soon(notice)


def _comments(notices: Collection[Notice], viewer: Viewer) -> dict[int, Comment]:
    ids = [int(notice.key) for notice in notices]
    found = visible(Comment.objects.filter(pk__in=ids), viewer).exclude(author=viewer.person_id)
    return {comment.pk: comment for comment in found}
