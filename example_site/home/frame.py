"""What stands around every page: the menu, the account sheet, the footer."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Page, Site

from wagtail_personalize import viewer_for, visible
from wagtail_personalize.people.language import language_name
from wagtail_personalize.targeting.languages import other_language

from . import colleagues
from .languages import above, below, choices, in_order, is_original, translated_for
from .models import NewsIndexPage


@dataclass(frozen=True)
class MenuItem:
    title: str
    url: str
    icon: str
    is_current: bool


class Frame:
    """Asks the database only for what a template really uses, so the admin pays nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def start(self) -> Page | None:
        site = Site.find_for_request(self.request)
        if site is None:
            return None
        return (site.root_page if is_original() else site.root_page.localized).specific

    @cached_property
    def sections(self) -> list[Page]:
        """What stands right below the start page; of their own types, without their texts but with their icons."""
        if self.start is None:
            return []
        children = below(self.start).annotate(own_icon=F("sectionpage__icon"))
        return in_order(visible(children, viewer_for(self.request)).specific(defer=True))

    @cached_property
    def news(self) -> Page | None:
        """The index of the news."""
        return next((page for page in self.sections if isinstance(page, NewsIndexPage)), None)

    @cached_property
    def menu(self) -> list[MenuItem]:
        """The start page, its children that are in menus, and the people directory before the last of them."""
        if self.start is None:
            return []
        pages = (page for page in self.sections if page.show_in_menus)
        items = [self._item(page.title, page.get_url(self.request), page.own_icon or page.icon) for page in pages]
        directory = reverse("wagtail_personalize:directory")
        items.insert(-1, MenuItem(gettext("People"), directory, "people", self._is_in_people()))
        here = self.request.path == self.start.get_url(self.request)
        return [MenuItem(self.start.title, self.start.get_url(self.request), self.start.icon, here), *items]

    @cached_property
    def services(self) -> list[Page]:
        """The section for the footer: pages that stand in no menu."""
        hidden = next((page for page in self.sections if not page.show_in_menus), None)
        if hidden is None:
            return []
        return in_order(visible(below(hidden), viewer_for(self.request)))

    @cached_property
    def page(self) -> Page | None:
        """The page of this address, if it is one."""
        route = getattr(self.request, "_wagtail_route_for_request", None)
        return route[0] if route else None

    @cached_property
    def above(self) -> list[Page]:
        """The pages above the one of this address."""
        return above(self.page) if self.page else []

    @cached_property
    def other_language(self) -> dict[str, Any] | None:
        """What to say where a page is not in the language of whoever reads."""
        if self.page is None or not other_language(self.page, viewer_for(self.request)):
            return None
        return {"name": language_name(self.page.locale.language_code), "page": translated_for(self.request, self.page)}

    @cached_property
    def languages(self) -> list[dict[str, Any]]:
        """What to choose from in the header."""
        return choices()

    @cached_property
    def me(self) -> Any:
        """The profile of whoever is signed in."""
        return colleagues.profile_for(self.request)

    def _is_in_people(self) -> bool:
        match = self.request.resolver_match
        return match is not None and match.namespace == "wagtail_personalize"

    def _item(self, title: str, url: str, icon: str) -> MenuItem:
        return MenuItem(title, url, icon, self.request.path.startswith(url))


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: ``frame`` in every template."""
    return {"frame": Frame(request)}
