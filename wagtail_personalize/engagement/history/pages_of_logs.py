"""Which content a line is about: a page of this site, or one that only the other system had."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import pgettext
from wagtail.models import Site

from wagtail_personalize.people.folding import fold
from wagtail_personalize.targeting.page_tree import page_model

from ..counting.happened import Counted
from ..models import Content
from .mapping import LogMapping

#: Begins the keys of pages that this site does not have.
_ELSEWHERE = "elsewhere-"


class PagesOfLog:
    """Finds contents by what the page column holds; what is the same page gets the same content."""

    def __init__(self, mapping: LogMapping) -> None:
        self._name: Callable[[str], str] = {"path": path_of, "title": _folded}.get(mapping.pages_by, str.strip)
        self._moved = {self._name(old): self._name(new) for old, new in mapping.pages.items()}
        self._here = _pages(mapping.pages_by)
        self._found: dict[str, Counted] = {}
        self.labels: dict[Counted, str] = {}
        self.here: set[Counted] = set()
        self.elsewhere: set[Counted] = set()

    def read(self, text: str, title: str) -> Counted:
        """The content; ``title`` is what a page is called that this site does not have."""
        if text in self._found:
            return self._found[text]
        name = self._name(text)
        name = self._moved.get(name, name)
        if key := self._here.get(name):
            content = Counted.page(key)
            self.here.add(content)
        else:
            content = Counted(Content.Type.PAGE, _ELSEWHERE + sha256(name.encode()).hexdigest()[:48])
            self.labels[content] = (title or name or pgettext("start page", "Home"))[:255]
            self.elsewhere.add(content)
        self._found[text] = content
        return content

    def search(self, words: str) -> Counted:
        content = Counted.search(words)
        self.labels.setdefault(content, words[:255])
        return content


def path_of(text: str) -> str:
    """The path of an address, without host, parameters and the slash at its end."""
    try:
        path = urlsplit(text.strip()).path
    except ValueError:
        path = text
    return unquote(path).strip("/").casefold()


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _pages(by: str) -> Mapping[str, str]:
    """The translation keys of this site's pages by what a log may call them; what would mean two pages means none."""
    rows = page_model()._base_manager.order_by("pk").values_list("pk", "slug", "title", "url_path", "translation_key")
    roots = sorted(Site.objects.values_list("root_page__url_path", flat=True), key=len, reverse=True)
    found: dict[str, set[str]] = {}
    for pk, slug, title, url_path, key in rows:
        for name in _names(by, pk, slug, title, _below(url_path, roots)):
            found.setdefault(name, set()).add(str(key))
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def _names(by: str, pk: Any, slug: str, title: str, path: str | None) -> list[str]:
    if by == "path":
        return [] if path is None else [path.strip("/").casefold()]
    return [{"id": str(pk), "slug": slug, "title": _folded(title)}[by]]


def _below(url_path: str, roots: list[str]) -> str | None:
    return next((url_path.removeprefix(root) for root in roots if url_path.startswith(root)), None)
