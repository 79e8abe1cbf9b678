"""What ``visible()`` costs on a large site, against the same listing of all pages.

    python -m benchmarks.visible_pages --assert
    DATABASE=postgresql python -m benchmarks.visible_pages --pages 10000

Target: with 100,000 pages, 1,000 restricted subtrees and 500 segments, the first twenty of a listing cost at most 1.5 ×
(SQLite) and 3 × (PostgreSQL) of the same listing without restrictions. The viewer is a person in 25 segments, whose one
query was made before, as the gate does in a request; an anonymous visitor is measured too. A quarter of the site is
restricted. All listings of twenty are held to the limit; how long it takes to count all pages is told beside them. Each
is asked in turns with an A/A control; what counts is the median of the ratios within the rounds. The queries are
counted with 10, 100 and 1,000 restrictions.
"""

import argparse
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import segments_firm as firm

LIMITS = {"sqlite": 1.5, "postgresql": 3.0}
RESTRICTIONS, SEGMENTS, MINE = (10, 100, 1_000), 500, 25
COUNT = "how many there are"
#: Rounds that are not counted.
WARM_UP = 3
#: A new key, a step of a path, and a moment in any order but that of the tree.
_SQL = {
    "sqlite": (
        "lower(hex(randomblob(16)))",
        "printf('%%04d', n)",
        "datetime('2026-01-01', '-' || ((p.id * 7919 + n * 104729) %% 1000000) || ' seconds')",
    ),
    "mysql": (
        "REPLACE(UUID(), '-', '')",
        "LPAD(n, 4, '0')",
        "TIMESTAMPADD(SECOND, -((p.id * 7919 + n * 104729) %% 1000000), '2026-01-01')",
    ),
    "postgresql": (
        "gen_random_uuid()",
        "lpad(n::text, 4, '0')",
        "now() - (p.id * 7919 + n * 104729) %% 1000000 * interval '1 second'",
    ),
}


def main() -> None:
    options = _options()
    with firm.site() as engine:
        begin = time.perf_counter()
        segments, person = _people()
        sections = _make_pages(options.pages)
        print(f"{engine}: {options.pages:,} pages made in {time.perf_counter() - begin:.0f} s")
        failures = []
        for number in sorted({min(number, len(sections) // 4) for number in RESTRICTIONS}):
            _restrict(sections, segments, number)
            failures += _queries(number, person)
        failures += _ratios(engine, person, options.rounds)
    if failures:
        print("\nMissed:", *failures, sep="\n  ")
    if failures and options.check:
        raise SystemExit(1)


def _people() -> tuple[list[Any], Any]:
    """The segments, and a person who is in some of them."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from wagtail_personalize.segments import versions
    from wagtail_personalize.segments.days import today
    from wagtail_personalize.segments.models import Membership

    firm.hire(1_000)
    versions.reach_day(today().toordinal())
    segments = [segment for segment in firm.make_segments(SEGMENTS) if not segment.self_chosen and not segment.broken]
    person = get_user_model().objects.filter(is_active=True).first()
    mine = segments[:: len(segments) // MINE][:MINE]
    Membership.objects.bulk_create(Membership(person=person, segment=each, since=timezone.now()) for each in mine)
    return segments, person


def _make_pages(number: int) -> list[Any]:
    """So many pages in three levels below the start page, without a signal; returns those of the middle level."""
    from wagtail.models import Page, Site

    home = Site.objects.get(is_default_site=True).root_page
    departments = max(number // 2_500, 1)
    sections = max(number // 25 // departments, 1) * departments
    for depth, each in enumerate((departments, sections // departments, number // sections - 1), home.depth):
        _below(depth, each)
    return list(Page.objects.filter(depth=home.depth + 2))


def _below(depth: int, number: int) -> None:
    """So many pages below each page of this depth, in a few statements: whatever is not given is as in the parent."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from wagtail.models import Page

    from tests.intranet.models import OtherPage

    key, step, moment = _SQL[connection.vendor]
    title = "'Page ' || ((p.id * 7919 + n * 104729) %% 1000000)"
    given = {
        "title": title,
        "draft_title": title,
        "slug": "'page-' || n",
        "translation_key": key,
        "path": f"p.path || {step}",
        "depth": "p.depth + 1",
        "url_path": "p.url_path || 'page-' || n || '/'",
        "numchild": "0",
        "first_published_at": moment,
        "last_published_at": moment,
        "content_type_id": str(ContentType.objects.get_for_model(OtherPage).pk),
    }
    columns = [field.column for field in Page._meta.concrete_fields if not field.primary_key]
    values = ", ".join(given.get(column, f"p.{column}") for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO wagtailcore_page ({', '.join(columns)}) "
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
            f"SELECT {values} FROM wagtailcore_page p CROSS JOIN numbers WHERE p.depth = %s",
            [number, depth],
        )
        cursor.execute(
            f"INSERT INTO {OtherPage._meta.db_table} (page_ptr_id) SELECT id FROM wagtailcore_page WHERE depth = %s",
            [depth + 1],
        )
        Page.objects.filter(depth=depth).update(numchild=number)
        firm.analyze()  # or PostgreSQL checks each foreign key with the plan that it made for an empty table


def _restrict(sections: list[Any], segments: list[Any], number: int) -> None:
    """Restrict so many of these sections, each to one segment, and to nobody else what was restricted before."""
    from wagtail_personalize.targeting.audiences import Clause, intern_all
    from wagtail_personalize.targeting.effective import recompute
    from wagtail_personalize.targeting.models import PageAudience

    PageAudience.objects.all().delete()
    chosen = random.Random(5).sample(sections, number)
    clauses = [frozenset({Clause.of([segments[n % len(segments)]])}) for n in range(number)]
    audiences = intern_all(clauses)
    PageAudience.objects.bulk_create(
        PageAudience(translation_key=section.translation_key, access=audiences[clause])
        for section, clause in zip(chosen, clauses, strict=True)
    )
    recompute(fill_all=True)
    firm.analyze()


def _listings() -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """What is listed: a name, all of it, and how the first of it are asked for."""
    from wagtail.models import Page

    from tests.intranet.models import OtherPage

    def first(pages: Any) -> list[Any]:
        return list(pages[:20])

    live = Page.objects.live()
    department = Page.objects.filter(depth=3).first()
    yield "in the order of the tree", live.order_by("path"), first
    yield "newest first", live.order_by("-first_published_at"), first
    yield "newest first of one type", OtherPage.objects.live().order_by("-first_published_at"), first
    yield "by title", live.order_by("title"), first
    yield "newest first below a department", live.descendant_of(department).order_by("-first_published_at"), first
    yield COUNT, live, lambda pages: pages.count()


def _viewers(person: Any) -> dict[str, Any]:
    from wagtail_personalize.segments.viewer import Viewer
    from wagtail_personalize.targeting.audiences import recommended_audience_ids

    viewers = {"person": Viewer.for_person(person), "anonymous": Viewer.anonymous()}
    for viewer in viewers.values():
        recommended_audience_ids(viewer)  # also lets the process learn the audiences, once for each version
    return viewers


def _queries(number: int, person: Any) -> list[str]:
    """One query for each listing, whatever the number of restrictions."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from wagtail_personalize import visible

    failures = []
    for who, viewer in _viewers(person).items():
        for name, pages, ask in _listings():
            with CaptureQueriesContext(connection) as queries:
                ask(visible(pages, viewer))
            if len(queries) != 1:
                failures.append(f"{number:,} restrictions, {who}, {name}: {len(queries)} queries instead of 1")
    print(f"{number:5,} restrictions: {'one query for each listing' if not failures else 'MORE than one query'}")
    return failures


def _ratios(engine: str, person: Any, rounds: int) -> list[str]:
    failures, viewers = [], _viewers(person)
    for name, pages, ask in _listings():
        found = _measured(pages, ask, viewers, rounds)
        plain = statistics.median(found["plain"]) * 1000
        for who in ("person", "anonymous", "control"):
            ratio = statistics.median(one / two for one, two in zip(found[who], found["plain"], strict=True))
            limited = who != "control" and name != COUNT
            limit = f"(≤ {LIMITS[engine]})" if limited else ""
            print(f"{name:32} {who:10} × {ratio:.2f} {limit:8} of {plain:.1f} ms")
            if limited and ratio > LIMITS[engine]:
                failures.append(f"{name}, {who}: × {ratio:.2f} > {LIMITS[engine]}")
    return failures


def _measured(pages: Any, ask: Callable, viewers: dict[str, Any], rounds: int) -> dict[str, list[float]]:
    """Seconds of processor time by who asks; ``plain`` and ``control`` are both without restrictions."""
    from wagtail_personalize import visible

    turns: dict[str, Callable[[], Any]] = {
        **{name: lambda: ask(pages.all()) for name in ("plain", "control")},
        **{who: lambda viewer=viewer: ask(visible(pages, viewer)) for who, viewer in viewers.items()},
    }
    found = defaultdict(list)
    for turn in range(-WARM_UP, rounds):
        for name in random.sample(list(turns), len(turns)):
            taken, _ = firm.timed(turns[name])
            if turn >= 0:
                found[name].append(taken)
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when the limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
