"""LibreOffice's help in Dutch, German and English as pages that are linked as translations: 2,561 in each language.

They come from the Debian packages in ``../shared/data/pages-libreoffice-help``, at the same paths in every language.
``python -m benchmarks.office_help`` prints how many pages there are and what their texts look like.
"""

import html
import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

DATA = Path(__file__).parents[2] / "shared/data/pages-libreoffice-help"
LANGUAGES = {"en": "en-us", "de": "de", "nl": "nl"}
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_CONTENT = re.compile(r'<div id="DisplayArea".*?(?=<div id="SearchFrame")', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_CHILD = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class HelpPage:
    #: The same in every language, such as ``swriter/01/01160400``.
    path: str
    title: str
    text: str


def is_here() -> bool:
    return DATA.is_dir()


def read(language: str, every: int = 1) -> list[HelpPage]:
    """Every n-th page of a language, in the order of their paths."""
    [package] = DATA.glob(f"libreoffice-help-{LANGUAGES[language]}_*.deb")
    with tarfile.open(fileobj=io.BytesIO(_data_of(package.read_bytes()))) as archive:
        members = sorted((member for member in archive if "/text/" in member.name), key=lambda member: member.name)
        files = [(member.name, archive.extractfile(member)) for member in members if member.name.endswith(".html")]
        return [_page(name, file.read().decode()) for name, file in files[::every] if file]


def _data_of(package: bytes) -> bytes:
    """The files of a Debian package, which is an ``ar`` archive of three members."""
    position = len(b"!<arch>\n")
    while position < len(package):
        name, size = package[position : position + 16], int(package[position + 48 : position + 58])
        position += 60
        if name.startswith(b"data.tar"):
            return package[position : position + size]
        position += size + size % 2
    raise ValueError("This is no Debian package.")


def _page(name: str, source: str) -> HelpPage:
    title, content = _TITLE.search(source), _CONTENT.search(source)
    path = name.split("/text/")[1].removesuffix(".html")
    return HelpPage(path, _plain(title[1] if title else path), _plain(content[0] if content else ""))


def _plain(source: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", source)).split())


def load(every: int = 1) -> int:
    """Make the pages, one tree per language, in few statements and without a signal; returns how many."""
    return sum(_load(language, every) for language in LANGUAGES)


def _load(language: str, every: int) -> int:
    from django.db import transaction
    from wagtail.models import Locale, Page

    from tests.intranet.models import StandardPage

    locale = Locale.objects.get_or_create(language_code=language)[0]
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    top = root.add_child(instance=Page(title=f"Help ({language})", slug=f"help-{language}", locale=locale))
    sources = read(language, every)
    with transaction.atomic():
        pages = Page.objects.bulk_create(_page_row(source, number, top) for number, source in enumerate(sources, 1))
        for page, source in zip(pages, sources, strict=True):
            StandardPage(page_ptr_id=page.pk, body=[("plain", {"text": source.text})]).save_base(raw=True)
        Page.objects.filter(pk=top.pk).update(numchild=len(pages))
    return len(pages)


def _page_row(source: HelpPage, number: int, top: Any) -> Any:
    """A page as treebeard would have made it below ``top``, without the fields of its own type."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page

    from tests.intranet.models import StandardPage

    slug = slug_of(source.path)
    return Page(
        title=source.title[:255],
        draft_title=source.title[:255],
        slug=slug,
        path=top.path + _step(number),
        depth=top.depth + 1,
        url_path=f"{top.url_path}{slug}/",
        live=True,
        locale_id=top.locale_id,
        translation_key=uuid5(NAMESPACE_URL, source.path),
        content_type=ContentType.objects.get_for_model(StandardPage),
    )


def _step(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, len(_CHILD))
        digits = _CHILD[rest] + digits
    return digits.rjust(4, "0")


def slug_of(path: str) -> str:
    return path.replace("/", "-").lower()


def _shown() -> Iterator[str]:
    for language in LANGUAGES:
        pages = read(language)
        words = sum(len(page.text.split()) for page in pages)
        yield f"{language}: {len(pages):,} pages, {words // len(pages)} words each, such as “{pages[1000].title}”"


if __name__ == "__main__":
    print(*_shown(), sep="\n")
