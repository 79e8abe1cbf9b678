"""Menus as one viewer sees them: at most two queries, however many entries, pages and segments there are.

A menu that editors put together is shown by its short name. Where there is none of that name, the menu is made of the
pages that are *shown in menus* below the start page of the site.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.models import Site

from wagtail_personalize.segments.viewer import Viewer

from ..blocks.verdicts import admits
from ..languages import active_locale
from ..page_tree import page_model
from ..visibility import visible
from .memory import content_memory

_TEMPLATE = "wagtail_personalize/targeting/content/menu.html"


@dataclass
class MenuItem:
    """One entry. ``page`` is there where it leads to one; a group has no ``url``."""

    label: str
    url: str = ""
    page: Model | None = None
    is_current: bool = False
    children: "list[MenuItem]" = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the viewer is on a page below it."""
        return any(child.is_current or child.is_open for child in self.children)


class MenuItems(list):
    """The entries that a viewer sees. In a template it *is* the menu, or can be gone through."""

    def __init__(self, items: Iterable[MenuItem] = (), name: str = "") -> None:
        super().__init__(items)
        self.name = name

    def __html__(self) -> SafeString:
        return render_to_string(_TEMPLATE, {"menu": self, "name": self.name}) if self else SafeString()

    __str__ = __html__


def menu_for(slug: str, request: HttpRequest, viewer: Viewer, depth: int = 1) -> MenuItems:
    """The menu called ``slug``; without one, or without a name, the pages in menus, ``depth`` levels of them."""
    stored = content_memory(viewer).menus.get(slug) if slug else None
    if stored is None:
        return _pages_in_menus(request, viewer, depth)
    name, entries = stored
    shown = [entry for entry in entries if _is_shown(entry, viewer)]
    pages = _Pages(shown, request, viewer)
    return MenuItems((item for entry in shown if (item := _item(entry, pages, viewer))), name)


def _is_shown(entry: Mapping[str, Any], viewer: Viewer) -> bool:
    audience = entry["value"].get("audience")
    return audience is None or admits(audience, viewer)


def _item(entry: Mapping[str, Any], pages: "_Pages", viewer: Viewer) -> MenuItem | None:
    """An entry in its stored form as the viewer sees it; nothing where it leads nowhere for them."""
    value = entry["value"]
    match entry["type"]:
        case "link":
            address = value["address"]
            return MenuItem(value["label"], address, is_current=address == pages.request.path)
        case "group":
            entries = [each for each in value["entries"] if _is_shown(each, viewer)]
            children = [item for each in entries if (item := _item(each, pages, viewer))]
            return MenuItem(value["label"], children=children) if children else None
        case "page":
            return pages.item(value)
    return None


class _Pages:
    """The pages that entries name, and those below them: only what the viewer may see."""

    def __init__(self, entries: Iterable[Mapping[str, Any]], request: HttpRequest, viewer: Viewer) -> None:
        self.request = request
        values = list(_page_values(entries, viewer))
        self.pages = _localized({value["page"] for value in values}, viewer) if values else {}
        parents = [self.pages[v["page"]] for v in values if v.get("with_children") and v["page"] in self.pages]
        self.children = _in_menus_below(parents, viewer) if parents else {}

    def item(self, value: Mapping[str, Any]) -> MenuItem | None:
        page = self.pages.get(value["page"])
        if page is None:
            return None
        below = self.children.get(page.path, ()) if value.get("with_children") else ()
        return _page_item(page, self.request, [_page_item(child, self.request) for child in below], value.get("label"))


def _page_values(entries: Iterable[Mapping[str, Any]], viewer: Viewer) -> Iterator[Mapping[str, Any]]:
    for entry in entries:
        if entry["type"] == "group":
            yield from _page_values([e for e in entry["value"]["entries"] if _is_shown(e, viewer)], viewer)
        elif entry["type"] == "page" and entry["value"].get("page"):
            yield entry["value"]


def _localized(keys: set[int], viewer: Viewer) -> dict[int, Model]:
    """These pages by key, each in the language that is shown if it is there."""
    pages = visible(page_model().objects.live().select_related("locale").order_by(), viewer)
    shown = active_locale(viewer)
    if shown is None:
        return {page.pk: page for page in pages.filter(pk__in=keys)}
    named = page_model()._base_manager.filter(pk__in=keys)
    found = list(pages.filter(Q(pk__in=keys) | Q(locale=shown, translation_key__in=named.values("translation_key"))))
    here = {page.translation_key: page for page in found if page.locale_id == shown}
    return {page.pk: here.get(page.translation_key, page) for page in found if page.pk in keys}


def _in_menus_below(parents: Iterable[Model], viewer: Viewer) -> dict[str, list[Model]]:
    """The pages in menus directly below each of these, by the path of their parent."""
    below = Q(pk__in=[])
    for parent in parents:
        below |= Q(path__startswith=parent.path, depth=parent.depth + 1)
    found: dict[str, list[Model]] = {}
    for page in _in_menus(page_model().objects.filter(below), viewer):
        found.setdefault(page.path[: -page.steplen], []).append(page)
    return found


def _in_menus(pages: QuerySet, viewer: Viewer) -> QuerySet:
    return visible(pages.live().in_menu().select_related("locale").order_by("path"), viewer)


def _pages_in_menus(request: HttpRequest, viewer: Viewer, depth: int) -> MenuItems:
    site = Site.find_for_request(request)
    if site is None:
        return MenuItems()
    root = site.root_page
    under = Q(path__startswith=root.path, depth__gt=root.depth, depth__lte=root.depth + depth)
    found: dict[str, list[MenuItem]] = {}
    for page in _in_menus(page_model().objects.filter(under), viewer).order_by("-depth", "path"):
        item = _page_item(page, request, found.get(page.path, []))
        found.setdefault(page.path[: -page.steplen], []).append(item)
    return MenuItems(found.get(root.path, []))


def _page_item(page: Model, request: HttpRequest, children: Iterable[MenuItem] = (), label: str = "") -> MenuItem:
    url = page.get_url(request) or ""
    return MenuItem(label or page.title, url, page, url == request.path, list(children))
