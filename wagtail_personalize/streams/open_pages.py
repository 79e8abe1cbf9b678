"""The pages that a viewer may open: through the one door, and through Wagtail's own page privacy.

``visible()`` leaves Wagtail's privacy to whoever serves a page; a stream shows titles without serving pages, so it asks
both.
"""

from collections.abc import Collection
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr
from wagtail.models import PageViewRestriction

from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model, topmost
from wagtail_personalize.targeting.visibility import visible

#: So many closed places are written into a statement; beyond, they are searched in it.
MOST_PATHS = 2000


def open_pages(viewer: Viewer) -> QuerySet:
    """Live pages that ``viewer`` may open, in no order. What is behind a password counts as closed."""
    return _but_closed(visible(page_model().objects.live(), viewer).order_by(), viewer)


def open_among(page_ids: Collection[Any], viewer: Viewer) -> QuerySet:
    """Those of a few pages that ``viewer`` may open."""
    return _but_closed(visible(page_model().objects.live().filter(pk__in=list(page_ids)), viewer).order_by(), viewer)


def closed_paths(viewer: Viewer) -> list[str]:
    """Where in the tree Wagtail's own privacy closes pages to ``viewer``; one query for each viewer."""
    closed = _closed(viewer).values_list("page__path", flat=True).distinct()
    return asked_once(viewer, "closed paths", lambda: list(closed))


def _but_closed(pages: QuerySet, viewer: Viewer) -> QuerySet:
    """Without what Wagtail's own privacy closes: the beginning of each path is looked up among the closed ones, once
    for each depth at which there are any, instead of searching all restrictions for each page.
    """
    closed = topmost(closed_paths(viewer))
    if len(closed) > MOST_PATHS:
        begins = Substr(OuterRef("path"), 1, Length("page__path"))
        return pages.filter(~Exists(_closed(viewer).filter(page__path=begins)))
    for length, paths in groupby(sorted(closed, key=len), key=len):
        begin = f"_begin_{length}"
        pages = pages.alias(**{begin: Substr("path", 1, length)}).exclude(**{f"{begin}__in": list(paths)})
    return pages


def _closed(viewer: Viewer) -> QuerySet:
    """The restrictions that close a page to ``viewer``."""
    closed = PageViewRestriction.objects.order_by()
    if viewer.is_anonymous:
        return closed
    passes = Q(restriction_type=PageViewRestriction.LOGIN) | Q(pk__in=_by_group(viewer.user))
    return closed.exclude(passes)


def _by_group(user: Any) -> QuerySet:
    groups = user.groups.all() if user is not None and hasattr(user, "groups") else ()
    restrictions = PageViewRestriction.objects.filter(restriction_type=PageViewRestriction.GROUPS, groups__in=groups)
    return restrictions.values("pk")
