"""What exists for whoever works in the admin: what they may see as a viewer, and what Wagtail lets them work on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.http import Http404
from wagtail.models import CollectionMember

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer

from ..audiences import audience_index
from ..page_tree import page_model
from ..preview_rights import closed_to
from ..visibility import can_see
from .file_choosers import choosable_files
from .images import is_shown

#: What may be closed to somebody.
GUARDED = page_model(), CollectionMember

_working: ContextVar[bool] = ContextVar("wagtail_personalize_working", default=False)


def is_known(found: Any, viewer: Viewer | None = None) -> bool:
    """Whether an editor may be told of this page or file; of anything else, yes. Free while nothing is restricted."""
    viewer = viewer or current_viewer()
    if not isinstance(found, GUARDED) or not audience_index(viewer).needs:
        return True
    if isinstance(found, page_model()):
        return not closed_to(viewer).filter(pk=found.pk).exists()
    return choosable_files(type(found)._base_manager.filter(pk=found.pk), viewer).exists()


def page_or_404(key: Any) -> Model:
    """The page with this key, for a view of the admin; one that an editor may not be told of is a missing one."""
    page = page_model().objects.filter(pk=key).first()
    if page is None or not is_known(page):
        raise Http404(f"No {page_model()._meta.object_name} matches the given query.")
    return page


@contextmanager
def working() -> Iterator[None]:
    """What is rendered inside is for somebody who works on it, and no page of the site."""
    token = _working.set(True)
    try:
        yield
    finally:
        _working.reset(token)


def may_be_named(found: Any, viewer: Viewer) -> bool:
    """Whether a page or document may be named to whom it is being rendered for: a reader, or ``working`` somebody."""
    if found is None:
        return False
    if _working.get():
        return is_known(found, viewer)
    if isinstance(found, page_model()):
        return not audience_index(viewer).needs or can_see(found, viewer)
    return is_shown(found, viewer)
