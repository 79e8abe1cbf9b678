"""The embedded search engine beside the database's own: filling the index, asking sixty questions, and what is found.

    python -m benchmarks.search_engines --assert
    DATABASE=postgresql python -m benchmarks.search_engines --every 8
    python -m benchmarks.search_engines --engines server

Targets, with all 7,680 pages on SQLite: the 95th percentile of the questions (any of the words, in one language, the
first ten hits and their number) at most 0.2 × that of modelsearch's SQLite backend, filling the index at most 8 ×.
Measured is the processor time of this process; the first question of each kind is asked once before.
SQLite's search takes seconds for most of the questions, so all of it takes some minutes.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks import office_help
from benchmarks import search_servers as servers
from benchmarks import segments_firm as firm
from benchmarks.office_help_queries import QUERIES

QUESTION, FILLING = 0.2, 8.0
FIRST = 5
ENGINES = {
    "database": {"BACKEND": "wagtail.search.backends.database"},
    "whoosh": {"BACKEND": "wagtail_personalize.search.backends.whoosh"},
    #: ``osmem-server``, in memory; its own processor time is not measured.
    "server": {"BACKEND": "wagtail_personalize.search.backends.opensearch3", "INDEX_PREFIX": "help_", "TIMEOUT": 60},
}


def main() -> None:
    options = _options()
    with firm.site() as name, tempfile.TemporaryDirectory() as directory, servers.running() as url:
        print(f"{name}: {office_help.load(options.every):,} pages")
        figures = {}
        for each in options.engines:
            place = {"URLS": [url]} if each == "server" else {"PATH": directory}
            figures[each] = _measured(backend({**ENGINES[each], **place}))
            print(f"  {each:9}", *(f"{what} {value:.3f}" for what, value in figures[each].items()), sep="  ")
    missed = {"database", "whoosh"} <= set(figures) and _compared(figures["database"], figures["whoosh"])
    if options.check and missed:
        raise SystemExit(1)


def backend(entry: dict[str, Any]) -> Any:
    from modelsearch.backends import get_search_backend

    entry = dict(entry)
    return get_search_backend(entry.pop("BACKEND"), **entry)


def _measured(engine: Any) -> dict[str, float]:
    known = _known()
    figures = {"filling (s)": _taken(partial(fill, engine))[0]}
    for operator in ("or", "and"):
        ask(engine, operator, known[0])
        asked = [_taken(partial(is_found, engine, operator, query)) for query in known]
        times = sorted(seconds for seconds, _found in asked)
        figures[f"{operator} p95 (ms)"] = times[int(len(times) * 0.95)] * 1000
        figures[f"{operator} median (ms)"] = times[len(times) // 2] * 1000
        figures[f"{operator} found in first {FIRST}"] = sum(found for _seconds, found in asked)
    return figures


def _known() -> list[tuple[str, str, str]]:
    """The questions whose page was loaded."""
    from wagtail.models import Page

    slugs = set(Page.objects.values_list("slug", flat=True))
    return [query for query in QUERIES if office_help.slug_of(query[2]) in slugs]


def _taken(action: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    result = action()
    return time.process_time() - begin, result


def fill(engine: Any) -> None:
    """As the command does it, with the help pages only."""
    from tests.intranet.models import StandardPage

    rebuilder = engine.rebuilder_class(engine.get_index_for_model(StandardPage))
    index = rebuilder.start()
    index.add_model(StandardPage)
    pages = StandardPage.get_indexed_objects().order_by("pk")
    for start in range(0, pages.count(), 1000):
        index.add_items(StandardPage, list(pages[start : start + 1000]))
    rebuilder.finish()


def ask(engine: Any, operator: str, query: tuple[str, str, str]) -> list[Any]:
    from wagtail.models import Locale, Page

    pages = Page.objects.filter(locale=Locale.objects.get(language_code=query[0]))
    found = engine.search(query[1], pages, operator=operator)
    found.count()
    return list(found[:10])


def is_found(engine: Any, operator: str, query: tuple[str, str, str]) -> bool:
    return office_help.slug_of(query[2]) in [page.slug for page in ask(engine, operator, query)[:FIRST]]


def _compared(database: dict[str, float], whoosh: dict[str, float]) -> bool:
    missed = False
    for what, limit in (("or p95 (ms)", QUESTION), ("filling (s)", FILLING)):
        ratio = whoosh[what] / database[what]
        print(f"  {what}: × {ratio:.2f} (≤ {limit})", "MISSED" if ratio > limit else "")
        missed |= ratio > limit
    return missed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="Load every n-th page only.")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=["database", "whoosh"])
    parser.add_argument("--assert", dest="check", action="store_true", help="Exit with 1 if a target is missed.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
