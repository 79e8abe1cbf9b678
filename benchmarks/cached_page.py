"""What a personalised page of fifty blocks costs from our cache, against rendering it.

    python -m benchmarks.cached_page --assert
    python -m benchmarks.cached_page --database postgresql --requests 300

One process renders, one answers from local memory, one from Redis; session and user are read by all. Each page is asked
once open to everybody, when it is answered before it is routed, and once restricted, when it is answered after routing,
gate and Wagtail's privacy. What counts is the CPU time of the serving process, and the median of the ratios within the
rounds. Then 100,000 people are simulated: the variants that would be stored against the combinations that there are.
"""

import argparse
import random
import statistics
import tempfile
from collections import defaultdict

from .page_with_blocks import WARM_UP, Server, _content, _database, _environment

#: The most that a page may cost against rendering it.
LIMITS = {"restricted": 0.75, "open": 0.25}
WORDS = {"restricted": "after routing and restrictions", "open": "known to be open"}
CACHES = ("default", "redis")
PEOPLE, SEGMENTS, USED = 100_000, 500, 6


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as directory:
        environment = _environment(options, directory)
        with _database(options, environment):
            failures = _ratios(options, environment)
            failures += _variants(environment)
    if failures:
        print("\nMissed:", *failures, sep="\n  ")
    if failures and options.check:
        raise SystemExit(1)


def _ratios(options: argparse.Namespace, environment: dict[str, str]) -> list[str]:
    cookie = _content(environment, "prepare")["cookie"]
    paths = _content(environment, "fill_cached", str(options.segments), options.block)
    servers = {
        alias: Server("present", {**environment, "BENCHMARK_CONTENT_CACHE": alias}, cookie) for alias in ("", *CACHES)
    }
    print(f"{options.database}, {options.segments} segments, blocks of kind “{options.block}”, CPU time\n")
    times = _times(options.requests, servers, paths)
    failures = []
    for (alias, page), taken in times.items():
        if alias:
            name = f"{'local memory' if alias == 'default' else alias:12} {WORDS[page]:31}"
            ratio = statistics.median(t / rendered for t, rendered in zip(taken, times["", page], strict=True))
            queries = servers[alias].ask(f"queries {paths[page]}"), servers[""].ask(f"queries {paths[page]}")
            took = [statistics.median(each) / 1e6 for each in (taken, times["", page])]
            print(
                f"{name} × {ratio:.3f} (≤ {LIMITS[page]})  {took[0]:.2f} of {took[1]:.2f} ms, queries: %d of %d"
                % queries
            )
            if ratio > LIMITS[page]:
                failures.append(f"{name}: × {ratio:.3f} > {LIMITS[page]}")
    for server in servers.values():
        server.close()
    return failures


def _times(requests: int, servers: dict[str, Server], paths: dict[str, str]) -> dict[tuple[str, str], list[int]]:
    times: dict[tuple[str, str], list[int]] = defaultdict(list)
    turns = [(alias, page) for alias in servers for page in paths]
    for turn in range(-WARM_UP, requests):
        for alias, page in random.sample(turns, len(turns)):
            taken = servers[alias].ask(paths[page])
            if turn >= 0:
                times[alias, page].append(taken)
    return dict(sorted(times.items()))


def _variants(environment: dict[str, str]) -> list[str]:
    found = _content({**environment, "BENCHMARK_CONTENT_CACHE": "default"}, "variants", str(PEOPLE), str(SEGMENTS))
    print(
        f"\n{PEOPLE:,} people in {SEGMENTS} segments: {found['lists']:,} different lists of segments;"
        f" a page that uses {found['used']} of them has {found['combinations']} combinations"
        f" and {found['variants']} variants"
    )
    return [] if found["variants"] == found["combinations"] else ["variants stored ≠ combinations"]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--requests", type=int, default=120, help="requests per page and cache")
    parser.add_argument("--block", choices=["card", "line"], default="card", help="an ordinary or a very cheap block")
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when a limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
