"""The Python modules of the site itself: what lies below the folder of its settings, and is shown to visitors."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.conf import settings

from .template_sources import is_installed

#: Code that no visitor's request runs, or that is not the site's own.
_LEFT_OUT = frozenset(
    ("migrations", "tests", "management", "node_modules", "site-packages", "dist-packages", "venv", "env", "build")
)
_LONGEST = 1_000_000


@dataclass(frozen=True)
class SiteModule:
    path: Path
    text: str

    def tree(self) -> ast.Module:
        """Without a fault: a module that cannot be read is for Python to complain about."""
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError):
            return ast.Module(body=[], type_ignores=[])

    def place_of(self, line: int) -> int:
        """Where a line begins, counted from 1."""
        return sum(len(each) for each in self.text.splitlines(keepends=True)[: line - 1])


def site_modules() -> Iterator[SiteModule]:
    for folder, folders, files in os.walk(site_folder()):
        folders[:] = sorted(f for f in folders if f not in _LEFT_OUT and not f.startswith("."))
        folders[:] = [f for f in folders if not is_installed(Path(folder, f)) and not _is_environment(Path(folder, f))]
        for name in sorted(files):
            path = Path(folder, name)
            if name.endswith(".py") and not name.startswith("test") and path.stat().st_size < _LONGEST:
                yield SiteModule(path, path.read_text(encoding="utf-8", errors="replace"))


def site_folder() -> Path:
    """``BASE_DIR``, else where the URLconf lies."""
    given = getattr(settings, "BASE_DIR", None)
    return Path(given or Path(import_module(settings.ROOT_URLCONF).__file__).parent).resolve()


def _is_environment(folder: Path) -> bool:
    return (folder / "pyvenv.cfg").exists()
