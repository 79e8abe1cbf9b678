"""Reacting, reacting otherwise, and taking it back."""

from typing import Any

from django.utils import timezone
from wagtail.models import Page

from wagtail_personalize.hookspecs import record
from wagtail_personalize.segments.activities import activity_changed
from wagtail_personalize.segments.viewer import Viewer

from .models import Reaction


def react(model: type[Reaction], target: Any, kind: str, page: Page, viewer: Viewer) -> None:
    """Make ``kind`` the viewer's reaction to ``target``, which belongs to ``page``; empty takes it back."""
    mine = {model.target: target, "person_id": viewer.person_id}
    if not kind:
        model.objects.filter(**mine).delete()
        activity_changed([viewer.person_id])
        return
    _row, is_new = model.objects.update_or_create(**mine, defaults={"kind": kind, "at": timezone.now()})
    if is_new:
        activity_changed([viewer.person_id])
        record("reaction", page, viewer)
