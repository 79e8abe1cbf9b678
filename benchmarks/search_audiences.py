"""What it costs to search only in what somebody may see, on the database, Whoosh and a search server.

    python -m benchmarks.search_audiences --assert
    DATABASE=postgresql python -m benchmarks.search_audiences --pages 5000

Target: with restricted subtrees and 500 segments, the first ten hits of ``visible(pages, viewer)`` and their number
cost at most 1.2 × those of all live pages, on PostgreSQL, Whoosh and the server. The searches are words that a part
of the pages has; the viewer is a person in 25 segments, whose one query was made before, as the gate does in a
request. Both searches are asked in turns, with an A/A control; what counts is the median of the ratios within the
rounds, in elapsed time. The queries of the database are counted with 10 and with all restrictions. The server is
``osmem-server``, which keeps everything in memory.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

from benchmarks import search_servers as servers
from benchmarks import segments_firm as firm
from benchmarks import visible_pages as forest

LIMIT = 1.2
#: SQLite's engine is told, not held to the limit.
HELD = {"postgresql", "whoosh", "server"}
#: A word that about one page in three, and one in a hundred, has in its title.
WORDS = ("common", "rare")
WARM_UP = 3


def main() -> None:
    options = _options()
    with firm.site() as database, tempfile.TemporaryDirectory() as folder, servers.running() as url:
        segments, person = forest._people()
        sections = forest._make_pages(options.pages)
        _say_words()
        restricted = min(options.restricted, len(sections))
        print(f"{database}: {options.pages:,} pages, {restricted} restricted subtrees, {len(segments)} segments")
        missed = []
        for name, entry in _engines(database, folder, url).items():
            if options.engines and name not in options.engines:
                continue
            missed += _measured(name, entry, sections, segments, restricted, person, options.rounds)
    if missed:
        print("\nMissed:", *missed, sep="\n  ")
    if missed and options.check:
        raise SystemExit(1)


def _engines(database: str, folder: str, url: str) -> dict[str, dict[str, Any]]:
    ours = "wagtail_personalize.search.backends"
    return {
        database: {"BACKEND": "wagtail.search.backends.database"},
        "whoosh": {"BACKEND": f"{ours}.whoosh", "PATH": folder},
        "server": {"BACKEND": f"{ours}.opensearch3", "URLS": [url], "INDEX_PREFIX": "benchmark_"},
    }


def _say_words() -> None:
    """Titles with words to search for."""
    from django.db.models import F, Value
    from django.db.models.functions import Concat, Mod
    from wagtail.models import Page

    pages = Page.objects.annotate(third=Mod(F("pk"), 3), hundredth=Mod(F("pk"), 100))
    pages.filter(third=0).update(title=Concat("title", Value(" common")))
    pages.filter(hundredth=0).update(title=Concat("title", Value(" rare")))


def _measured(
    name: str, entry: dict[str, Any], sections: list[Any], segments: list[Any], number: int, person: Any, rounds: int
) -> list[str]:
    from django.conf import settings
    from django.core.management import call_command
    from modelsearch.backends import get_search_backend

    from wagtail_personalize.search.backends.server.pending import catch_up

    settings.WAGTAILSEARCH_BACKENDS = {"default": entry}
    forest._restrict(sections, segments, min(10, number))
    begin = time.perf_counter()
    call_command("update_index", stdout=StringIO())
    print(f"  {name}: index built in {time.perf_counter() - begin:.0f} s")
    engine, counted = get_search_backend(), []
    for restricted in (min(10, number), number):
        forest._restrict(sections, segments, restricted)
        catch_up()
        firm.analyze()
        counted.append(_queries(engine, person))
    missed = [f"{name}: {counted} queries with few and with all restrictions"] if counted[0] != counted[1] else []
    print(f"    queries: {counted[1]}", *missed)
    return missed + [one for word in WORDS for one in _ratio(name, engine, word, person, rounds)]


def _ask(engine: Any, word: str, pages: Any) -> int:
    found = engine.search(word, pages)
    list(found[:10])
    return found.count()


def _open(person: Any) -> Callable[[], Any]:
    """Makes the queryset of what this person may see; the viewer's own query is done."""
    from wagtail.models import Page

    from wagtail_personalize.segments.viewer import Viewer
    from wagtail_personalize.targeting.visibility import visible

    viewer = Viewer.for_person(person)
    list(visible(Page.objects.live(), viewer)[:1])
    return lambda: visible(Page.objects.live(), viewer)


def _queries(engine: Any, person: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    pages = _open(person)
    _ask(engine, WORDS[0], pages())
    with CaptureQueriesContext(connection) as queries:
        _ask(engine, WORDS[0], pages())
    return len(queries)


def _ratio(name: str, engine: Any, word: str, person: Any, rounds: int) -> list[str]:
    from wagtail.models import Page

    pages = _open(person)
    ways = {
        "all": lambda: _ask(engine, word, Page.objects.live()),
        "control": lambda: _ask(engine, word, Page.objects.live()),
        "visible": lambda: _ask(engine, word, pages()),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(WARM_UP + rounds):
        for way, action in ways.items():
            seconds, number = _taken(action)
            if turn >= WARM_UP:
                times[way].append(seconds)
    shares = {way: _median_of_ratios(taken, times["all"]) for way, taken in times.items()}
    held = name in HELD and shares["visible"] > LIMIT
    print(
        f"    {word:7} {statistics.median(times['all']) * 1000:7.2f} ms  visible × {shares['visible']:.2f}"
        f"  (A/A × {shares['control']:.2f}, {number:,} hits open)",
        "MISSED" if held else "",
    )
    return [f"{name}, {word}: × {shares['visible']:.2f}"] if held else []


def _taken(action: Callable[[], int]) -> tuple[float, int]:
    begin = time.perf_counter()
    number = action()
    return time.perf_counter() - begin, number


def _median_of_ratios(taken: list[float], base: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(taken, base, strict=True))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--restricted", type=int, default=50, help="How many subtrees are restricted.")
    parser.add_argument("--engines", nargs="+", help="Only these: the name of the database, whoosh, server.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--assert", dest="check", action="store_true", help="Exit with 1 if a target is missed.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
