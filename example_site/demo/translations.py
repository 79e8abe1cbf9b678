"""Makes the pages of ``content/pages_de`` and ``content/pages_nl``: translations of those in ``content/pages``.

A file stands where the file of the page stands that it translates. It holds words only; pictures, dates, links and
audiences are those of the original. What is not translated is shown as it was written.
"""

from collections import ChainMap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import override
from wagtail.models import Locale, Page

from wagtail_personalize.segments.models import Segment

from .markup import split, with_days
from .pages import PageLoader, Text, model_required

CONTENT = Path(__file__).parent / "content"
#: Language, quotation marks, and how a day is written.
LANGUAGES = {"de": ("„", "“", "j. F"), "nl": ("‘", "’", "j F")}
#: What a translation says itself; everything else comes from the original.
_OWN = frozenset(
    ("title", "slug", "lead", "guest_text", "facts", "country", "address", "hours", "reception", "getting_there")
)
_LISTS = ("notices", "messages", "links")


def load_translations(today: date, segments: dict[str, Segment], originals: PageLoader) -> int:
    """Make or refresh the translated pages; returns how many there are."""
    return sum(TranslationLoader(today, segments, originals, language).run() for language in LANGUAGES)


class TranslationLoader(PageLoader):
    """One run over the folder of one language."""

    def __init__(self, today: date, segments: dict[str, Segment], originals: PageLoader, language: str) -> None:
        self.today, self.segments, self.language = today, segments, language
        self.pictures, self.authors = originals.pictures, originals.authors
        self.originals = originals
        self.pages = ChainMap({}, originals.pages)
        self.folder = CONTENT / f"pages_{language}"
        self.locale, _new = Locale.objects.get_or_create(language_code=language)

    def run(self) -> int:
        with override(self.language):
            return super().run()

    def _read(self, file: Path) -> Text:
        opening, closing, day = LANGUAGES[self.language]
        content = with_days(file.read_text(encoding="utf-8"), self.today, day)
        head, body = split(content, opening + closing)
        path = self.path_of(file)
        return Text(path, _merged(self.originals.texts[path].head, head), body)

    def _place(self, text: Text) -> bool:
        original = self.originals.pages[text.path]
        page = type(original).objects.filter(translation_key=original.translation_key, locale=self.locale).first()
        is_new = page is None
        if is_new:
            page = type(original)(
                title=text.head["title"],
                slug=text.head["slug"],
                live=False,
                locale=self.locale,
                translation_key=original.translation_key,
                **model_required(type(original)),
            )
            above = Page.get_first_root_node() if text.path == "/" else self.pages[text.parent]
            above.add_child(instance=page)
        self.pages[text.path] = page
        return is_new

    def _target(self, text: Text) -> None:
        """Whom a page is for holds for it in all languages."""


def _merged(original: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The head of the original with the words of the translation, lists item by item."""
    lists = {name: list(_items(original[name], own[name])) for name in _LISTS if name in own}
    return original | {name: value for name, value in own.items() if name in _OWN} | lists


def _items(originals: list[dict[str, Any]], own: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (original | item for original, item in zip(originals, own, strict=True))
