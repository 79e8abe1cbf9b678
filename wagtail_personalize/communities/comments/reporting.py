"""Reporting a comment, and deciding about it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_personalize.segments.activities import activity_changed
from wagtail_personalize.segments.viewer import Viewer

from .models import Comment, CommentReport, Reason, State
from .telling import tell_about

HIDDEN, APPROVED = "wagtail_personalize.comment_hidden", "wagtail_personalize.comment_approved"
#: For so long it is kept what was reported and is settled.
KEPT = timedelta(days=90)


def report(comment: Comment, viewer: Viewer, reason: Reason, text: str = "") -> bool:
    """Ask the moderators to look at a comment that ``viewer`` may see; whether this is the first time."""
    values = {"reason": reason, "text": text, "at": timezone.now()}
    _row, is_new = CommentReport.objects.get_or_create(comment=comment, person_id=viewer.person_id, defaults=values)
    return is_new


@transaction.atomic
def decide(comments: Iterable[Comment], state: State, user: Any) -> int:
    """Hide comments or let them be seen; reports are settled. How many changed. Who may is for the caller."""
    ids, changed = [comment.pk for comment in comments], 0
    for comment in Comment.objects.select_for_update().filter(pk__in=ids).exclude(state=State.REMOVED):
        settled = comment.reports.filter(is_settled=False).update(is_settled=True)
        if comment.state == state and not settled:
            continue
        was, comment.state = comment.state, state
        comment.save(update_fields=["state"])
        log(instance=comment, action=HIDDEN if state == State.HIDDEN else APPROVED, user=user)
        if was == State.WAITING:
            tell_about(comment)
        activity_changed([comment.author_id])
        changed += 1
    return changed


def purge_reports() -> int:
    """Forget reports that were settled long ago."""
    old = CommentReport.objects.filter(is_settled=True, at__lt=timezone.now() - KEPT)
    return old.delete()[0]
