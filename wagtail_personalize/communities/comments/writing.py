"""Writing, changing and removing a comment: by its author only, on a page that the author may open.

What is refused is refused with a sentence (``Refused``). Everything that follows from a comment, such as who is told,
is in its transaction.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from wagtail_personalize.conf import get_settings
from wagtail_personalize.hookspecs import record
from wagtail_personalize.segments.activities import activity_changed
from wagtail_personalize.segments.viewer import Viewer

from . import text
from .mentions import find_mentions
from .models import Comment, Mention, Opening, State
from .opening import opening_of
from .telling import tell_about

#: In which the comments of one person are counted.
WINDOW = timedelta(minutes=1)


class Refused(Exception):
    """With the sentence that says why."""


@transaction.atomic
def write(
    page: Page, viewer: Viewer, typed: str, *, parent: Comment | None = None, chosen: Iterable[str] = ()
) -> Comment:
    """A new comment on a page that ``viewer`` may open. ``chosen``: keys of people who were picked while typing."""
    _refuse_crowd(viewer.person_id)
    if opening_of(page.translation_key) != Opening.OPEN:
        raise Refused(_("The comments of this page are closed."))
    parent = _thread(page, parent)
    state = State.WAITING if get_settings().COMMENTS_NEED_APPROVAL else State.VISIBLE
    comment = Comment(translation_key=page.translation_key, author_id=viewer.person_id, parent=parent, state=state)
    comment.created_at = timezone.now()
    _fill(comment, typed, chosen)
    tell_about(comment)
    activity_changed([viewer.person_id])
    record("comment", page, viewer)
    return comment


@transaction.atomic
def edit(comment: Comment, viewer: Viewer, typed: str, *, chosen: Iterable[str] = ()) -> None:
    """Change one's own comment. What a moderator has hidden stays so; what needs approval needs it again."""
    comment = _own(comment, viewer)
    if opening_of(comment.translation_key) != Opening.OPEN:
        raise Refused(_("The comments of this page are closed."))
    if get_settings().COMMENTS_NEED_APPROVAL and comment.state == State.VISIBLE:
        comment.state = State.WAITING
    comment.edited_at = timezone.now()
    _fill(comment, typed, chosen)
    tell_about(comment)
    activity_changed([viewer.person_id])


@transaction.atomic
def remove(comment: Comment, viewer: Viewer) -> None:
    """Remove one's own comment: its text, mentions and reactions are gone at once."""
    comment = _own(comment, viewer)
    comment.mentions.all().delete()
    comment.reactions.all().delete()
    comment.reports.all().delete()
    Comment.objects.filter(pk=comment.pk).update(html="", state=State.REMOVED)
    activity_changed([viewer.person_id])


def purge_removed() -> int:
    """Delete what is empty and has nothing below it; who wrote the others is forgotten. A day after it was written."""
    removed = Comment.objects.filter(state=State.REMOVED, created_at__lt=timezone.now() - timedelta(days=1))
    ids = set(removed.values_list("pk", flat=True))
    answered = set(Comment.objects.filter(parent__in=ids).values_list("parent", flat=True))
    Comment.objects.filter(pk__in=answered).exclude(author=None).update(author=None)
    return Comment.objects.filter(pk__in=ids - answered).delete()[0]


def _fill(comment: Comment, typed: str, chosen: Iterable[str]) -> None:
    """Give a comment its text, and write it."""
    words, most = text.tidy(typed), get_settings().COMMENT_LENGTH
    if not words:
        raise Refused(_("Write something first."))
    if len(words) > most:
        over = len(words) - most
        raise Refused(
            ngettext("This is %(number)d letter too long.", "This is %(number)d letters too long.", over)
            % {"number": over}
        )
    places, people = find_mentions(words, chosen)
    comment.html = text.to_html(words, places)
    comment.save()
    comment.mentions.all().delete()
    rows = [Mention(comment=comment, number=number, person_id=pk) for number, pk in enumerate(people, 1)]
    Mention.objects.bulk_create(rows)


def _refuse_crowd(person_id: Any) -> None:
    """The row of the person is held while counting, so two requests at once cannot both be the last one."""
    list(get_user_model()._base_manager.select_for_update().filter(pk=person_id).values_list("pk"))
    just_now = Comment.objects.filter(author=person_id, created_at__gt=timezone.now() - WINDOW)
    if just_now.count() >= get_settings().COMMENTS_PER_MINUTE:
        raise Refused(_("You have written many comments just now. Wait a minute, then send this one."))


def _thread(page: Page, parent: Comment | None) -> Comment | None:
    """The comment that is answered, held until the answer is there."""
    if parent is None:
        return None
    found = Comment.objects.select_for_update().filter(pk=parent.pk, translation_key=page.translation_key, parent=None)
    found = found.filter(state=State.VISIBLE).first()
    if found is None:
        raise Refused(_("The comment that you answer is not there any more."))
    return found


def _own(comment: Comment, viewer: Viewer) -> Comment:
    """As it is now, held until it is changed."""
    found = Comment.objects.select_for_update().filter(pk=comment.pk, author=viewer.person_id).first()
    if found is None or viewer.person_id is None or found.state == State.REMOVED:
        raise Refused(_("This comment is not there any more."))
    return found
