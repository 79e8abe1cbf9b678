"""Where to look first: the most telling addresses first, since a large site is not looked at as a whole.

In this order: what the site builder names, the start pages, every view that the URLconf knows with searches for words
of hidden titles, what is hidden itself and what stands around it, files, views that take a key, and the other pages.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.apps import apps
from wagtail.models import Site

from ..page_tree import page_model
from .hidden import Masks
from .learning import Lessons, files_of, live_pages, renditions_of
from .routes import Route, routes

#: Words to search for, and keys and slugs to try in views that take one.
MOST_WORDS = 6
_MOST_KEYS = 4
_MOST_FILES = 200
#: What search views call what is typed in; all are given at once.
_NAMES = ("q", "query", "search", "term", "s", "text")


def starting_points(named: Iterable[str], lessons: Lessons) -> Iterator[str]:
    """Addresses with or without a host, some of them twice."""
    yield from named
    yield from _start_pages()
    words = search_words(lessons.pages)
    known = sorted(routes(), key=lambda route: bool(route.parameter))
    plain = [route for route in known if not route.parameter]
    for route in plain:
        yield from _asked(route, words, lessons.pages)
    yield from _hidden_addresses(lessons)
    for route in known[len(plain) :]:
        yield from _asked(route, words, lessons.pages)
    yield from (url_of(page) for page in live_pages())


def search_words(hidden: Masks) -> list[str]:
    """The longest word of some hidden titles: not a whole title, which a page of results may well repeat."""
    titles = page_model().objects.filter(pk__in=list(islice(hidden, MOST_WORDS * 5))).values_list("title", flat=True)
    words = dict.fromkeys(max(title.split(), key=len) for title in titles if title.strip())
    return list(words)[:MOST_WORDS]


def search_address(address: str, word: str, names: Iterable[str] = _NAMES) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(dict.fromkeys(names, word))}"


def url_of(page: Any) -> str:
    """With the host, when there are several sites."""
    parts = page.get_url_parts()
    return f"{parts[1] or ''}{parts[2] or ''}" if parts else ""


def _start_pages() -> Iterator[str]:
    for site in Site.objects.select_related("root_page").order_by("-is_default_site", "pk"):
        yield url_of(site.root_page.specific)
        yield f"{site.root_url}/sitemap.xml"


def _asked(route: Route, words: list[str], hidden: Masks) -> Iterator[str]:
    """A view's address, if need be with keys or slugs of hidden pages, and with words if it searches."""
    if not route.parameter:
        yield route.path
        if route.is_api:
            yield f"{route.path}?fields=*"
        if route.is_api or route.searches:
            yield from (search_address(route.path, word, ("search",) if route.is_api else _NAMES) for word in words)
        return
    some = page_model().objects.filter(pk__in=list(hidden)[:_MOST_KEYS])
    if route.takes_slug:
        yield from (route.filled(slug) for slug in some.values_list("slug", flat=True))
    elif route.takes_key:
        parents = {parent.pk: None for page in some if (parent := page.get_parent())}
        yield from (route.filled(pk) for pk in [*some.values_list("pk", flat=True), *parents])


def _hidden_addresses(lessons: Lessons) -> Iterator[str]:
    pages = page_model().objects.live()
    around: dict[str, None] = {}
    for pk in (*lessons.pages_with_blocks, *lessons.pages):
        page = pages.filter(pk=pk).first()
        around |= {url_of(near): None for near in (page, page and page.get_parent()) if near}
    yield from around
    for model, masks in lessons.objects:
        for obj in model._default_manager.filter(pk__in=list(islice(masks, _MOST_FILES))):
            yield from files_of(obj)
            yield from renditions_of(obj)
    yield from _redirects(lessons.pages)


def _redirects(hidden: Masks) -> Iterator[str]:
    if apps.is_installed("wagtail.contrib.redirects"):
        from wagtail.contrib.redirects.models import Redirect

        leading = Redirect.objects.filter(redirect_page__in=list(islice(hidden, _MOST_FILES)))
        yield from (urlsplit(path).path for path in leading.values_list("old_path", flat=True))
