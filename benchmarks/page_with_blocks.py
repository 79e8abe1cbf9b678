"""What targeted blocks cost: a page of fifty, against the same page on the same site without the package.

    python -m benchmarks.page_with_blocks --assert
    python -m benchmarks.page_with_blocks --database postgresql --requests 300 --block line

Two processes serve the site without the package: what they cost on average is 1, and one against the other is the A/A
control beside the ratios. Each page has a process of its own, as the plain page has: one that serves three pages in
turn finds less of each in the processor's caches. The requests of a round are made in random order, on one core; what
counts is the CPU time of the serving process, and of the ratios within the rounds the median. In brackets: the same
for each start of the processes, which differ from each other more than one would think.
"""

import argparse
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

#: Rounds that are not counted after a process has started.
WARM_UP = 15
ROOT = Path(__file__).resolve().parent.parent

#: What is measured on the site with the package, and its limit against the plain page without it.
LIMITS = {"untargeted": 1.03, "visible": 1.05, "half": 0.95}
WORDS = {
    "untargeted": "nothing targeted",
    "visible": "50 targeted, all visible",
    "half": "50 targeted, half hidden",
    "control": "A/A: absent against absent",
}


@dataclass
class Server:
    """A process with one of the two sites."""

    package: str
    environment: dict[str, str]
    cookie: str

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.page_site.server", self.cookie],
            cwd=ROOT,
            env={**self.environment, "PACKAGE": self.package},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str) -> int:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"The {self.package} site stopped.")
        return int(answer)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as directory:
        environment = _environment(options, directory)
        with _database(options, environment):
            failures = _measure_all(options, environment)
    if failures:
        print("\nMissed:", *failures, sep="\n  ")
    if failures and options.check:
        raise SystemExit(1)


def _measure_all(options: argparse.Namespace, environment: dict[str, str]) -> list[str]:
    cookie = _content(environment, "prepare")["cookie"]
    failures = []
    print(f"{options.database}, blocks of kind “{options.block}”, {options.requests} requests each, CPU time\n")
    for segments in options.segments:
        paths = _content(environment, "fill", str(segments), options.block)
        failures += _queries(segments, environment, cookie, paths)
        failures += _ratios(options, segments, environment, cookie, paths)
    return failures


def _queries(segments: int, environment: dict[str, str], cookie: str, paths: dict[str, str]) -> list[str]:
    """The queries that the package adds to each page, without and with a warm shared cache."""
    absent = Server("absent", environment, cookie)
    present = Server("present", environment, cookie)
    cached = Server("present", {**environment, "BENCHMARK_SHARED_CACHE": "1"}, cookie)
    failures = []
    for server in (absent, present, cached):
        for path in paths.values():
            server.ask(path)
    base = absent.ask(f"queries {paths['plain']}")
    for name in LIMITS:
        more, warm = (server.ask(f"queries {paths[name]}") - base for server in (present, cached))
        print(f"{segments:4} segments  {WORDS[name]:27} {more:+d} queries, {warm:+d} with a warm shared cache")
        if more > 1 or warm > 0:
            failures.append(f"{segments} segments, {WORDS[name]}: {more:+d} queries, {warm:+d} with a shared cache")
    for server in (absent, present, cached):
        server.close()
    return failures


def _ratios(
    options: argparse.Namespace, segments: int, environment: dict[str, str], cookie: str, paths: dict[str, str]
) -> list[str]:
    """The CPU time of each page against the plain page in the same round; processes are started anew several times."""
    found: dict[str, list[list[float]]] = defaultdict(list)
    for _generation in range(options.generations):
        times = _times(options.requests // options.generations, environment, cookie, paths)
        for name in LIMITS:
            found[name].append([2 * t / (a + b) for t, a, b in zip(times[name], times["a"], times["b"], strict=True)])
        found["control"].append([a / b for a, b in zip(times["a"], times["b"], strict=True)])
    failures = []
    for name in (*LIMITS, "control"):
        ratio, limit = statistics.median(itertools.chain(*found[name])), LIMITS.get(name)
        each = " ".join(f"{statistics.median(ratios):.3f}" for ratios in found[name])
        print(f"{segments:4} segments  {WORDS[name]:27} × {ratio:.3f} {f'(≤ {limit})' if limit else '':9} [{each}]")
        if limit and ratio > limit:
            failures.append(f"{segments} segments, {WORDS[name]}: × {ratio:.3f} > {limit}")
    print()
    return failures


def _times(requests: int, environment: dict[str, str], cookie: str, paths: dict[str, str]) -> dict[str, list[int]]:
    servers = {
        "a": Server("absent", environment, cookie),
        "b": Server("absent", environment, cookie),
        **{name: Server("present", environment, cookie) for name in LIMITS},
    }
    times: dict[str, list[int]] = defaultdict(list)
    for turn in range(-WARM_UP, requests):
        for name in random.sample(list(servers), len(servers)):
            taken = servers[name].ask(paths[name if name in LIMITS else "plain"])
            if turn >= 0:
                times[name].append(taken)
    for server in servers.values():
        server.close()
    return times


class _database:
    """A database of its own, removed afterwards."""

    def __init__(self, options: argparse.Namespace, environment: dict[str, str]) -> None:
        self.server = options.database != "sqlite"
        self.name = environment["BENCHMARK_NAME"]

    def __enter__(self) -> None:
        self._drop()
        if self.server:
            self._run(f"CREATE DATABASE {self.name}")

    def __exit__(self, *error) -> None:
        self._drop()

    def _drop(self) -> None:
        if self.server:
            self._run(f"DROP DATABASE IF EXISTS {self.name}")

    def _run(self, statement: str) -> None:
        import psycopg

        host, user = os.environ.get("PGHOST", "localhost"), os.environ.get("PGUSER", "postgres")
        with psycopg.connect(host=host, user=user, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


def _content(environment: dict[str, str], *arguments: str) -> dict[str, str]:
    command = [sys.executable, "-m", "benchmarks.page_site.content", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)


def _environment(options: argparse.Namespace, directory: str) -> dict[str, str]:
    name = os.path.join(directory, "benchmark.sqlite3") if options.database == "sqlite" else "personalize_benchmark"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.page_site.settings",
        "BENCHMARK_DATABASE": options.database,
        "BENCHMARK_NAME": name,
        "PYTHONHASHSEED": "0",
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--segments", type=int, nargs="+", default=[1, 100, 500])
    parser.add_argument("--requests", type=int, default=240, help="requests per page and number of segments")
    parser.add_argument("--generations", type=int, default=8, help="how often the processes are started anew")
    parser.add_argument("--block", choices=["card", "line"], default="card", help="an ordinary or a very cheap block")
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when a limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
