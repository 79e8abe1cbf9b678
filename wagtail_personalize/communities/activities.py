"""What this room stores as somebody's own open doing: what they commented and reacted to."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.segments.activities import Activity, register_activity
from wagtail_personalize.streams.voices import Voices, register_voices

from .comments.models import Comment, Opening, PageComments, State
from .reactions.models import PageReaction


def _commented() -> QuerySet:
    """Only what is visible: what was removed or hidden is not done openly any more."""
    return Comment.objects.filter(state=State.VISIBLE)


def _spoken() -> QuerySet:
    """What everybody who may open the page may read there."""
    off = PageComments.objects.filter(translation_key=OuterRef("translation_key"), opening=Opening.OFF)
    return _commented().filter(~Exists(off))


def attach() -> None:
    """Called once when the app is ready."""
    register_voices(Voices("comments", rows=_spoken, person="author", at="created_at"))
    register_activity(Activity("commented", _("commented"), rows=_commented, person="author", at="created_at"))
    register_activity(Activity("reacted", _("reacted to a page"), rows=PageReaction.objects.all))
