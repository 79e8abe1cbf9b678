"""Pages as sources: a page stands for itself and everything below it, in all its languages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.languages import active_locale
from wagtail_personalize.targeting.page_tree import page_model, upwards, within
from wagtail_personalize.targeting.preview_rights import worked_on_by

from ..hashtag_stream import pages_in_order
from ..open_pages import open_pages
from .kinds import Keys, Shown, SourceKind, register_kind

PAGE = "page"
#: The root of the tree and the start pages of sites are no sources: they would stand for everything.
LEAST_DEPTH = 3


@register_kind
class Pages(SourceKind):
    name = PAGE
    label = gettext_lazy("Page")
    label_plural = gettext_lazy("Pages and topics")
    icon = "doc-empty-inverse"
    order = 10

    def found(self, keys: Collection[str], viewer: Viewer) -> Mapping[str, Shown]:
        pages = self._best(_uuids(keys), viewer)
        return {key: Shown(self, key, page.title, page.url or "", _about(page)) for key, page in pages.items()}

    def offered(self, viewer: Viewer, typed: str = "") -> Sequence[str]:
        """Without a search only what has pages below it; whoever looks for a page finds any."""
        pages = open_pages(viewer).filter(depth__gte=LEAST_DEPTH)
        active = active_locale(viewer)
        pages = pages.filter(locale=active) if active is not None else pages
        pages = pages.filter(title__icontains=typed) if typed else pages.filter(numchild__gt=0)
        return Keys(pages.order_by("title", "pk").values_list("translation_key", flat=True))

    def items(self, key: str, viewer: Viewer, number: int = 5) -> list[Page]:
        homes = page_model().objects.filter(translation_key__in=_uuids([key]), depth__gte=LEAST_DEPTH)
        below = open_pages(viewer).filter(within(homes.values_list("path", flat=True)))
        newest = below.exclude(first_published_at=None).order_by("-first_published_at", "-pk")
        return pages_in_order(list(newest.values_list("pk", flat=True)[:number]))

    def keys_of(self, pages: Iterable[Page]) -> Mapping[Any, set[str]]:
        ways = {page.pk: set(upwards(page.path)) for page in pages}
        paths = {path for way in ways.values() for path in way}
        above = page_model()._base_manager.filter(path__in=paths, depth__gte=LEAST_DEPTH)
        keys = dict(above.order_by().values_list("path", "translation_key"))
        return {pk: {str(keys[path]) for path in way if path in keys} for pk, way in ways.items()}

    def pages_of(self, key: str) -> QuerySet:
        pages = page_model()._base_manager.order_by()
        homes = pages.filter(translation_key__in=_uuids([key]), depth__gte=LEAST_DEPTH)
        return pages.filter(within(homes.values_list("path", flat=True)), live=True)

    def labels(self, keys: Collection[str]) -> Mapping[str, str]:
        return _titles(page_model()._base_manager.all(), keys)

    def labels_for(self, keys: Collection[str], viewer: Viewer) -> Mapping[str, str]:
        """The titles of pages that the editor may open on the site or works on, in whatever language that is."""
        existing = self.labels(keys)
        return dict.fromkeys(existing, _("a page")) | self.named_to(existing, viewer)

    def named_to(self, keys: Collection[str], viewer: Viewer) -> Mapping[str, str]:
        """The titles of those of these pages of which an editor may be told in the admin."""
        is_open = Q(pk__in=open_pages(viewer).values("pk"))
        is_worked_on = Q(pk__in=worked_on_by(viewer.user).order_by().values("pk"))
        return _titles(page_model()._base_manager.filter(is_open | is_worked_on), keys)

    def _best(self, keys: list[UUID], viewer: Viewer) -> dict[str, Page]:
        """One page for each key, in the reader's language if there is one, and of a type that knows its address."""
        if not keys:
            return {}
        pages = open_pages(viewer).filter(translation_key__in=keys, depth__gte=LEAST_DEPTH).specific(defer=True)
        active = active_locale(viewer)
        chosen: dict[str, Page] = {}
        for page in sorted(pages, key=lambda page: (page.locale_id != active, page.locale_id or 0, page.pk)):
            chosen.setdefault(str(page.translation_key), page)
        return chosen


def key_of_page(page: Page) -> str:
    """By which a page is followed."""
    return str(page.translation_key)


def _uuids(keys: Iterable[str]) -> list[UUID]:
    found = []
    for key in keys:
        try:
            uuid = UUID(key)
        except ValueError:
            continue
        if str(uuid) == key:  # one spelling, so that there is one source
            found.append(uuid)
    return found


def _titles(pages: QuerySet, keys: Collection[str]) -> dict[str, str]:
    """By its key, the title of the oldest page of each."""
    pages = pages.filter(translation_key__in=_uuids(keys)).order_by("-pk") if keys else pages.none()
    return {str(key): title for key, title in pages.values_list("translation_key", "title")}


def _about(page: Page) -> str:
    return _("and everything below it") if page.numchild else ""
