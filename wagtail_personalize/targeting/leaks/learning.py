"""Learns by what each viewer would recognise something hidden, in two passes over all live content.

The first takes fingerprints of what is hidden from somebody, the second drops those that also occur in something that
the same viewer may see. Pages are read in small portions, so memory does not grow with the site.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.models import Model
from django.utils.translation import gettext as _

from ..page_tree import page_model
from .contents import Text, texts_of
from .fingerprints import Fingerprints
from .hidden import Masks, hidden_objects
from .people import Looker
from .reading import stem_of

_AT_ONCE = 100


class Lessons:
    """What is hidden from ``lookers``, and by what it is recognised."""

    def __init__(self, lookers: Sequence[Looker], pages: Masks, step: Callable[[], Any] = lambda: None) -> None:
        self.lookers, self.pages, self.step = lookers, pages, step
        self.objects = list(hidden_objects(lookers))
        self.fingerprints = Fingerprints()
        #: Keys of the pages with a block that is not for everybody.
        self.pages_with_blocks: list[int] = []

    def learn(self) -> Fingerprints:
        for page in live_pages():
            self._take_page(page, self.pages.get(page.pk, 0))
            self.step()
        for obj, hidden in self._hidden_objects():
            self._take_object(obj, hidden)
        for page in live_pages():
            self._keep_distinctive(page, self.pages.get(page.pk, 0))
            self.step()
        for obj, hidden in self._all_objects():
            self._keep_distinctive_object(obj, hidden)
        return self.fingerprints

    def _take_page(self, page: Any, hidden: int) -> None:
        owner = _("page %(id)s “%(title)s”") % {"id": page.pk, "title": page.title}
        if hidden:
            self.fingerprints.add_title(page.title, owner, hidden)
            self.fingerprints.add_slug(page.slug, owner, hidden)
            self.fingerprints.add_path("address", path_of(page), owner, hidden)
        owner_of_block = _("a block on %(page)s") % {"page": owner}
        has_blocks = False
        for text in texts_of(page):
            if from_whom := hidden | self._mask(text):
                self.fingerprints.add_text(text.text, owner_of_block if text.hides else owner, from_whom)
            has_blocks = has_blocks or bool(text.hides and self._mask(text))
        if has_blocks:
            self.pages_with_blocks.append(page.pk)

    def _take_object(self, obj: Model, hidden: int) -> None:
        owner = f"{obj._meta.verbose_name} {obj.pk} “{obj}”"
        self.fingerprints.add_title(str(obj), owner, hidden)
        for path in chain(files_of(obj), renditions_of(obj), sizes_of(obj)):
            self.fingerprints.add_path("file", path, owner, hidden)
        for text in texts_of(obj):
            self.fingerprints.add_text(text.text, owner, hidden | self._mask(text))

    def _keep_distinctive(self, page: Any, hidden: int) -> None:
        titles = (Text(page.title), Text(page.slug))
        for text in chain(titles, texts_of(page)):
            self.fingerprints.keep_distinctive(text.text, hidden | self._mask(text))
        self.fingerprints.keep_distinctive_path(path_of(page), hidden)

    def _keep_distinctive_object(self, obj: Model, hidden: int) -> None:
        for text in (Text(str(obj)), *texts_of(obj)):
            self.fingerprints.keep_distinctive(text.text, hidden | self._mask(text))
        for path in chain(files_of(obj), sizes_of(obj)):
            self.fingerprints.keep_distinctive_path(path, hidden)

    def _mask(self, text: Text) -> int:
        if not text.hides:
            return 0
        return sum(1 << place for place, one in enumerate(self.lookers) if text.is_hidden_from(one.viewer))

    def _all_objects(self) -> Iterator[tuple[Model, int]]:
        for model, masks in self.objects:
            for obj in model._default_manager.order_by("pk").iterator(chunk_size=_AT_ONCE):
                yield obj, masks.get(obj.pk, 0)

    def _hidden_objects(self) -> Iterator[tuple[Model, int]]:
        return ((obj, hidden) for obj, hidden in self._all_objects() if hidden)


def live_pages() -> Iterator[Any]:
    """Every live page below the root, in its own type."""
    pages = page_model().objects.live().filter(depth__gt=1).order_by("path")
    return pages.specific(defer=False).iterator(chunk_size=_AT_ONCE)


def path_of(page: Any) -> str:
    """The address of a page on its own site, without the host; empty where it has none."""
    parts = page.get_url_parts()
    return unquote(parts[2]) if parts and parts[2] else ""


def files_of(obj: Any) -> Iterator[str]:
    """The addresses of a file: where it is served, and where it lies."""
    for value in (getattr(obj, "url", ""), _url(getattr(obj, "file", None))):
        if value:
            yield unquote(urlsplit(value).path)


def renditions_of(obj: Any) -> Iterator[str]:
    """Where the sizes lie in which an image was shown before."""
    for rendition in obj.renditions.all() if hasattr(obj, "renditions") else ():
        if value := _url(rendition.file):
            yield unquote(urlsplit(value).path)


def sizes_of(obj: Any) -> Iterator[str]:
    """Where sizes of an image will lie that nobody has made yet, up to what tells them apart."""
    file = getattr(obj, "file", None)
    if not file or not hasattr(obj, "renditions"):
        return
    rendition = type(obj).get_rendition_model()(image=obj)
    rendition.file.name = rendition.get_upload_to(PurePath(file.name).name)
    if value := _url(rendition.file):
        yield stem_of(unquote(urlsplit(value).path))


def _url(file: Any) -> str:
    try:
        return file.url if file else ""
    except (ValueError, NotImplementedError):
        return ""
