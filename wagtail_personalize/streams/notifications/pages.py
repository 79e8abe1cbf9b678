"""The pages that notices are about, as a viewer may open them now: through the one door."""

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from wagtail.models import Locale, Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model

from ..open_pages import open_among
from .models import Notice


def pages_of(notices: Iterable[Notice], viewer: Viewer) -> dict[Any, Page]:
    """By the id of each notice its page, of its own type, in the active language if there is one.

    What the viewer may not open is missing. A fixed number of queries, and one for each type of page.
    """
    notices = list(notices)
    ids = _ids(notices)
    found: dict[Any, Page] = {}
    if ids:
        rank = _rank()
        for page in sorted(open_among(ids, viewer).specific(), key=rank):
            found.setdefault(page.translation_key, page)
    return {notice.pk: found[notice.translation_key] for notice in notices if notice.translation_key in found}


def opened_ids(notices: Iterable[Notice], viewer: Viewer) -> set[Any]:
    """The ids of the notices whose pages the viewer may open."""
    notices = list(notices)
    ids = _ids(notices)
    keys = set(open_among(ids, viewer).values_list("translation_key", flat=True)) if ids else ()
    return {notice.pk for notice in notices if notice.translation_key in keys}


def _ids(notices: Collection[Notice]) -> list[Any]:
    """The live pages of these notices in all languages."""
    keys = {notice.translation_key for notice in notices} - {None}
    if not keys:
        return []
    pages = page_model()._base_manager.filter(translation_key__in=keys, live=True).order_by()
    return list(pages.values_list("pk", flat=True))


def _rank() -> Any:
    active = Locale.get_active().pk if getattr(settings, "WAGTAIL_I18N_ENABLED", False) else None
    return lambda page: (page.locale_id != active, page.locale_id, page.pk)
