"""System checks of search backends: which Whoosh is installed, where its index lies, and servers without audiences.

Three distributions install a package named ``whoosh``. They overwrite each other's files without a word, and
uninstalling one leaves the ruins of another.
"""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from modelsearch.conf import get_app_config

BACKEND = "wagtail_personalize.search.backends.whoosh"
#: The distributions named ``whoosh`` when imported; the suite passes on those that are maintained, or at least were.
WORKING, DEAD = ("whoosh3", "whoosh-reloaded"), ("Whoosh",)


#: modelsearch's servers, by which ``visible()`` cannot filter, and what Wagtail calls them.
_UNAWARE = re.compile(r"^(modelsearch|wagtail\.search)\.backends\.((elasticsearch|opensearch)\d)")


def check_servers(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A search server should be told of audiences."""
    entries = get_app_config().get_search_backend_config().values()
    named = [_UNAWARE.match(str(entry.get("BACKEND", ""))) for entry in entries]
    return [
        checks.Warning(
            f"The search backend {found[0]} knows no audiences. It refuses to search in what somebody may see.",
            hint=f'Name "wagtail_personalize.search.backends.{found[2]}" in WAGTAILSEARCH_BACKENDS; run update_index.',
            id="personalize_search.W001",
        )
        for found in named
        if found
    ]


def check_whoosh(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Nothing to say where no search backend is ours."""
    entries = get_app_config().get_search_backend_config().values()
    paths = [entry.get("PATH") for entry in entries if str(entry.get("BACKEND", "")).startswith(BACKEND)]
    if not paths:
        return []
    return _check_installed(_installed()) + [problem for path in paths for problem in _check_path(path)]


def _installed() -> dict[str, str]:
    """The distributions that are here, with their versions."""
    found = {}
    for name in (*WORKING, *DEAD):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _check_installed(installed: dict[str, str]) -> list[checks.CheckMessage]:
    shown = " and ".join(f"{name} {number}" for name, number in installed.items())
    if not installed:
        return [
            checks.Error(
                "The search backend is Whoosh, but Whoosh is not installed.",
                hint="pip install wagtail-personalize[whoosh]",
                id="personalize_search.E001",
            )
        ]
    if len(installed) > 1:
        return [
            checks.Error(
                f"{shown} are installed at once. Each is imported as “whoosh”, so which file is whose is chance.",
                hint=f"pip uninstall {' '.join(installed)}; then pip install wagtail-personalize[whoosh]",
                id="personalize_search.E002",
            )
        ]
    return _check_alive(shown) if set(installed) <= set(DEAD) else []


def _check_alive(shown: str) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"{shown} is installed. It has had no release since 2016 and can run in circles on today's Python.",
            hint="pip uninstall Whoosh; then pip install wagtail-personalize[whoosh]",
            id="personalize_search.E003",
        )
    ]


def _check_path(path: Any) -> list[checks.CheckMessage]:
    if not path:
        return [
            checks.Error(
                "The Whoosh search backend does not know where its index lies.",
                hint='Add "PATH" to its entry in WAGTAILSEARCH_BACKENDS.',
                id="personalize_search.E004",
            )
        ]
    served = [root for root in (settings.MEDIA_ROOT, settings.STATIC_ROOT) if root and _lies_in(path, root)]
    return [
        checks.Error(
            f"The search index in {path} lies in {root}, where the web server hands out files. It holds the text of "
            "all pages, restricted ones included.",
            hint='Name another "PATH" in WAGTAILSEARCH_BACKENDS.',
            id="personalize_search.E005",
        )
        for root in served
    ]


def _lies_in(path: Any, root: Any) -> bool:
    return Path(path).resolve().is_relative_to(Path(root).resolve())
