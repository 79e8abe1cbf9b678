"""Whether one may comment on a page: said by its editors and, for closing and opening, by whoever owns it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer

from .models import Opening, PageComments

LOG_ACTION = "wagtail_personalize.comments"


def opening_of(translation_key: UUID) -> Opening:
    """One query."""
    row = PageComments.objects.filter(translation_key=translation_key).values_list("opening", flat=True).first()
    return Opening.OPEN if row is None else Opening(row)


@transaction.atomic
def set_opening(page: Page, opening: Opening, user: Any) -> bool:
    """Whether anything changed. Who may is for the caller."""
    if opening_of(page.translation_key) == opening:
        return False
    PageComments.objects.update_or_create(translation_key=page.translation_key, defaults={"opening": opening})
    log(instance=page, action=LOG_ACTION, user=user, data={"opening": opening.name.lower()})
    return True


def is_owner(page: Page, viewer: Viewer) -> bool:
    """Whether it is the viewer's own page, whose comments they may close and open again."""
    return viewer.person_id is not None and page.owner_id == viewer.person_id and not viewer.is_preview
