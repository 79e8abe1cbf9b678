"""The pages that notices are about, as a viewer may open them now: through the one door."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from wagtail.models import Page

from wagtail_personalize.segments.asked_once import found_once
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model

from ..open_pages import open_pages
from ..timeline.reading import choose_languages
from .models import Notice


def pages_of(notices: Iterable[Notice], viewer: Viewer) -> dict[Any, Page]:
    """By the id of each notice its page, of its own type, in the active language if there is one.

    What the viewer may not open is missing. A fixed number of queries, and one for each type of page.
    """
    notices = list(notices)
    families = _families(notices)
    found = choose_languages(families, viewer) if families else {}
    return {notice.pk: found[notice.translation_key] for notice in notices if notice.translation_key in found}


def opened_ids(notices: Iterable[Notice], viewer: Viewer) -> set[Any]:
    """The ids of the notices whose pages the viewer may open; one query for all that were not asked for before."""
    notices = [notice for notice in notices if notice.translation_key is not None]
    keys = {notice.translation_key for notice in notices}
    opened = found_once(viewer, "pages of notices", keys, lambda some: _opened_keys(some, viewer))
    return {notice.pk for notice in notices if notice.translation_key in opened}


def _opened_keys(keys: list[UUID], viewer: Viewer) -> dict[UUID, bool]:
    found = open_pages(viewer).filter(translation_key__in=keys).values_list("translation_key", flat=True)
    return dict.fromkeys(found.distinct(), True)


def _families(notices: Collection[Notice]) -> dict[UUID, set[Any]]:
    """The keys of the live pages of these notices in all languages, by their translation key."""
    keys = {notice.translation_key for notice in notices} - {None}
    families: dict[UUID, set[Any]] = defaultdict(set)
    if keys:
        pages = page_model()._base_manager.filter(translation_key__in=keys, live=True).order_by()
        for key, pk in pages.values_list("translation_key", "pk"):
            families[key].add(pk)
    return families
