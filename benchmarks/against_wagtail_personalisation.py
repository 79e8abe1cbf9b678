"""The same page of fifty blocks, half of them hidden, with this package and with wagtail-personalisation.

    pip install wagtail-personalisation
    python -m benchmarks.against_wagtail_personalisation

Each package serves the page from a site and a database of its own; a third site has neither. In both sites the person
is in every tenth segment. The requests of a round are made in random order on one core; what counts is the CPU time of
the serving process, and of the ratios within the rounds the median.
"""

import argparse
import os
import random
import statistics
import tempfile
from collections import defaultdict
from importlib.metadata import version

from .page_with_blocks import WARM_UP, Server, _content

Sites = dict[str, tuple[dict[str, str], str]]


def main() -> None:
    options = _options()
    packages = ("Django", "wagtail", "wagtail-personalize", "wagtail-personalisation")
    print(", ".join(f"{name} {version(name)}" for name in packages), end=", SQLite, CPU time\n\n")
    with tempfile.TemporaryDirectory() as directory:
        sites = {name: _site(name, directory) for name in ("present", "other", "absent")}
        for segments in options.segments:
            paths = {name: _fill(name, environment, segments) for name, (environment, _) in sites.items()}
            _report(segments, _queries(sites, paths), _times(sites, paths, options.requests))


def _site(name: str, directory: str) -> tuple[dict[str, str], str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.page_site.settings",
        "BENCHMARK_NAME": os.path.join(directory, f"{name}.sqlite3"),
        "PACKAGE": "present" if name == "absent" else name,
        "PYTHONHASHSEED": "0",
    }
    return environment, _content(environment, "prepare")["cookie"]


def _fill(name: str, environment: dict[str, str], segments: int) -> str:
    """The path of the page to measure: the one without anything to decide where no package is installed."""
    paths = _content(environment, "fill_other" if name == "other" else "fill", str(segments), "card")
    return paths["plain" if name == "absent" else "half"]


def _servers(sites: Sites) -> dict[str, Server]:
    return {name: Server(name, environment, cookie) for name, (environment, cookie) in sites.items()}


def _queries(sites: Sites, paths: dict[str, str]) -> dict[str, int]:
    servers = _servers(sites)
    for name, server in servers.items():
        server.ask(paths[name])
    counts = {name: server.ask(f"queries {paths[name]}") for name, server in servers.items()}
    for server in servers.values():
        server.close()
    return counts


def _times(sites: Sites, paths: dict[str, str], requests: int) -> dict[str, list[int]]:
    servers = _servers(sites)
    times: dict[str, list[int]] = defaultdict(list)
    for turn in range(-WARM_UP, requests):
        for name in random.sample(list(servers), len(servers)):
            taken = servers[name].ask(paths[name])
            if turn >= 0:
                times[name].append(taken)
    for server in servers.values():
        server.close()
    return times


def _report(segments: int, queries: dict[str, int], times: dict[str, list[int]]) -> None:
    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))

    print(f"{segments:4} segments")
    for name, words in (("absent", "neither package"), ("present", "this package"), ("other", "the other package")):
        print(f"     {words:18} {queries[name]:5} queries, × {ratio(name, 'absent'):.2f} of the page without either")
    print(f"     the other package takes {ratio('other', 'present'):.1f} times as long as this one\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, nargs="+", default=[10, 100, 500])
    parser.add_argument("--requests", type=int, default=40)
    return parser.parse_args()


if __name__ == "__main__":
    main()
