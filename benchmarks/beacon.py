"""What a beacon costs: against a view that does nothing, and against one row per request with a session.

    python -m benchmarks.beacon --assert
    python -m benchmarks.beacon --database postgresql --rounds 300

One process runs the whole WSGI application of the test site. The requests of a round are made in random order; what
counts of a beacon is the CPU time of the process, and of the ratios within the rounds the median. The view that does
nothing stands there twice: one against the other is the A/A control. Events per second are taken by the clock, end to
end: beacons and the worker that stores them, for people who are in a few of 20 reporting segments each, against one
request with session and user for each event, which stores one row.
"""

import argparse
import io
import json
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from uuid import uuid4

from benchmarks.wsgi import environ

BUFFER = os.environ.get("REDIS_URL", "redis://localhost:6379/9")
#: The most that a beacon may cost with the buffer, and the least that it has to be faster.
MOST, LEAST = 1.4, 20
WARM_UP = 20
PEOPLE, PAGES, SEGMENTS, EACH_IN = 200, 50, 20, 5


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as directory:
        _configure(options, directory)
        from django.test.utils import setup_databases, teardown_databases

        databases = setup_databases(0, False)
        try:
            failures = _measure(options)
        finally:
            teardown_databases(databases, 0)
    if failures:
        print("\nMissed:", *failures, sep="\n  ")
    if failures and options.check:
        raise SystemExit(1)


def _configure(options: argparse.Namespace, directory: str) -> None:
    os.environ.setdefault("DATABASE", options.database)
    os.environ.setdefault("DATABASE_NAME", "beacon_benchmark")
    os.environ["DATABASE_FILE"] = f"{directory}/benchmark.sqlite3"
    from tests import settings

    database = settings.DATABASES["default"]
    if options.database == "sqlite":
        database["OPTIONS"] = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}
    else:
        database.pop("OPTIONS", None)  # as it comes: each commit waits for the disk
    database["CONN_MAX_AGE"] = None
    settings.ROOT_URLCONF = "benchmarks.beacon_views"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()


class Site:
    """The application, people with sessions, and pages."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        self.pages = _pages()
        users = [get_user_model()(username=f"u{number}") for number in range(PEOPLE)]
        self.people = get_user_model().objects.bulk_create(users)
        self.cookies = {person.pk: _cookie(person) for person in self.people}
        _segments(self.people)

    def beacon(self, events: int) -> tuple[str, str, bytes]:
        """Address, cookie and body: a view, and clicks and impressions."""
        from wagtail_personalize.engagement.beacon.tokens import ViewToken, page_token

        person, page = random.choice(self.people), random.choice(self.pages)
        told = [[0, 2, None]]
        for number in range(1, events):
            teaser = [page_token(random.choice(self.pages).translation_key)]
            told.append([number, 1, None, *teaser] if number % 2 else [number, 5, None])
        token = ViewToken.issue(person.pk, page.translation_key)
        body = json.dumps({"l": uuid4().hex, "t": int(time.time()), "c": "site", "e": told})
        return "/people/measure/", self.cookies[person.pk], f"{token}\n{body}".encode()

    def one_row(self) -> tuple[str, str, bytes]:
        person, page = random.choice(self.people), random.choice(self.pages)
        return "/people/one-row/", self.cookies[person.pk], json.dumps({"page": page.pk, "kind": 2}).encode()

    def nothing(self) -> tuple[str, str, bytes]:
        _address, cookie, body = self.beacon(4)
        return "/people/nothing/", cookie, body

    def ask(self, address: str, cookie: str, body: bytes) -> None:
        statuses = []
        response = self.application(
            _posted(address, cookie, body), lambda status, headers, *more: statuses.append(status)
        )
        response.close()
        if not statuses[0].startswith("204"):
            raise RuntimeError(f"{address}: {statuses[0]}")

    def cpu(self, wanted: tuple[str, str, bytes]) -> int:
        before = time.process_time_ns()
        self.ask(*wanted)
        return time.process_time_ns() - before


def _measure(options: argparse.Namespace) -> list[str]:
    site = Site()
    print(f"{options.database}, {options.rounds} rounds\n")
    with _buffer():
        failures = _against_nothing(site, options.rounds)
        faster = {events: _per_second(site, events, options.seconds) for events in (4, 20)}
    slow = _by_the_clock(lambda: [site.ask(*site.one_row())], options.seconds)
    direct = {
        events: _by_the_clock(lambda n=events: [site.ask(*site.beacon(n))] * n, options.seconds) for events in (4, 20)
    }
    print(f"\none row per request: {slow:,.0f} events per second")
    for events, number in faster.items():
        print(
            f"beacons of {events:2}, with the buffer and its worker: {number:,.0f}, × {number / slow:.1f} (≥ {LEAST})"
        )
        if number / slow < LEAST:
            failures.append(f"beacons of {events}: × {number / slow:.1f} < {LEAST}")
    for events, number in direct.items():
        print(f"beacons of {events:2}, without the buffer: {number:,.0f}, × {number / slow:.1f}")
    return failures


def _against_nothing(site: Site, rounds: int) -> list[str]:
    turns = {"nothing": site.nothing, "control": site.nothing, "beacon": lambda: site.beacon(4)}
    times: dict[str, list[int]] = defaultdict(list)
    for turn in range(-WARM_UP, rounds):
        for name in random.sample(list(turns), len(turns)):
            _forget_limits()
            taken = site.cpu(turns[name]())
            if turn >= 0:
                times[name].append(taken)
    ratios = {}
    for name in ("control", "beacon"):
        pairs = zip(times[name], times["nothing"], strict=True)
        ratios[name] = statistics.median(mine / nothing for mine, nothing in pairs)
    took = {name: statistics.median(each) / 1e3 for name, each in times.items()}
    print(f"a beacon with the buffer: × {ratios['beacon']:.3f} (≤ {MOST}) of a view that does nothing, ", end="")
    print(f"{took['beacon']:.0f} of {took['nothing']:.0f} µs; A/A × {ratios['control']:.3f}")
    return [f"a beacon: × {ratios['beacon']:.3f} > {MOST}"] if ratios["beacon"] > MOST else []


def _per_second(site: Site, events: int, seconds: float) -> float:
    """Beacons for half of the time, and then what it takes to store them."""
    from wagtail_personalize.engagement.buffer.draining import drain
    from wagtail_personalize.engagement.buffer.queue import queue

    list(drain(queue()))
    _forget_limits()
    begun, number, spent = time.perf_counter(), 0, 0.0
    while time.perf_counter() - begun < seconds / 2:
        wanted = site.beacon(events)
        if number % 1000 == 0:
            _forget_limits()
        before = time.perf_counter()
        site.ask(*wanted)
        spent += time.perf_counter() - before
        number += 1
    before = time.perf_counter()
    stored = sum(outcome.stored for outcome in drain(queue()))
    drained = time.perf_counter() - before
    each = f"{spent / number / events * 1e6:.0f} µs to take, {drained / stored * 1e6:.0f} µs to store"
    print(f"an event of {events:2}: {each}")
    return stored / (spent + drained)


def _by_the_clock(do, seconds: float) -> float:
    from wagtail_personalize.engagement.beacon import taking
    from wagtail_personalize.engagement.beacon.limits import MinuteLimit

    begun, number = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        taking.minute_limit = MinuteLimit()
        number += len(do())
    return number / (time.perf_counter() - begun)


class _buffer:
    """Named in the settings inside the block, and emptied after it."""

    def __enter__(self) -> None:
        from django.test import override_settings

        given = {"PROFILE": "tests.intranet.people.StaffProfile", "ENGAGEMENT_BUFFER": BUFFER}
        self.settings = override_settings(WAGTAIL_PERSONALIZE={**given, "ENGAGEMENT_BUFFER_MOST": 10**7})
        self.settings.enable()

    def __exit__(self, *error) -> None:
        _delete("*")
        self.settings.disable()


def _forget_limits() -> None:
    _delete("minute:*")


def _delete(pattern: str) -> None:
    from wagtail_personalize.engagement.buffer.queue import _PREFIX, queue

    redis = queue().redis
    if keys := list(redis.scan_iter(f"{_PREFIX}{pattern}", count=10_000)):
        redis.delete(*keys)


def _pages() -> list:
    from tests.builders import home, page

    section = page("Section", parent=home())
    return [page(f"Page {number}", parent=section) for number in range(PAGES)]


def _segments(people: list) -> None:
    from django.utils import timezone

    from tests.builders import segment
    from wagtail_personalize.engagement.models import ReportingSegment
    from wagtail_personalize.segments.models import Membership
    from wagtail_personalize.targeting.effective import recompute

    recompute(fill_all=True)
    segments = [segment(f"Segment {number}") for number in range(SEGMENTS)]
    ReportingSegment.objects.bulk_create([ReportingSegment(segment=one) for one in segments])
    rows = [(one, person) for person in people for one in random.sample(segments, EACH_IN)]
    Membership.objects.bulk_create([Membership(segment=s, person=p, since=timezone.now()) for s, p in rows])


def _cookie(person) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _posted(address: str, cookie: str, body: bytes) -> dict:
    """As a browser sends it from a page of the same site."""
    return environ(
        address,
        cookie,
        REQUEST_METHOD="POST",
        HTTP_ORIGIN="http://localhost",
        HTTP_SEC_FETCH_SITE="same-origin",
        CONTENT_TYPE="text/plain;charset=UTF-8",
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": io.BytesIO(body)},
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=4, help="for each of five measurements by the clock")
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when a limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
