"""The sources of the templates that this site can use, without compiling them."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template import engines
from django.template.utils import get_app_template_dirs

_ENDINGS = frozenset([".html", ".txt", ".xml", ".jinja", ".jinja2", ".j2", ".htm", ".rss"])
_INSTALLED = frozenset(["site-packages", "dist-packages"])
_LONGEST = 500_000


@dataclass(frozen=True)
class TemplateSource:
    path: Path
    text: str

    def line_of(self, place: int) -> int:
        return self.text.count("\n", 0, place) + 1


def template_sources(*, installed: bool = False) -> Iterator[TemplateSource]:
    """The site's own templates, each once; with ``installed`` also those of the packages that it uses."""
    seen: set[Path] = set()
    for folder in _folders():
        if installed or not is_installed(folder):
            for path in sorted(folder.rglob("*")):
                if path.suffix in _ENDINGS and path not in seen and path.is_file():
                    seen.add(path)
                    yield TemplateSource(path, path.read_text(encoding="utf-8", errors="replace")[:_LONGEST])


def is_installed(path: Path) -> bool:
    """Whether this belongs to a package that was installed, ours among them, and not to the site."""
    return not _INSTALLED.isdisjoint(path.parts) or Path(__file__).parents[1] in (path, *path.parents)


@cache
def is_installed_module(name: str) -> bool:
    """The same of a module that was imported."""
    path = getattr(sys.modules.get(name), "__file__", None)
    return path is None or is_installed(Path(path))


def _folders() -> Iterator[Path]:
    """The folders of all engines, with those of the apps."""
    for engine in engines.all():
        yield from (Path(folder).resolve() for folder in engine.dirs)
    for name in ("templates", "jinja2"):
        yield from (Path(folder).resolve() for folder in get_app_template_dirs(name))
