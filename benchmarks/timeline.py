"""What a part of the timeline costs, and that it does not grow with the number of items.

    python -m benchmarks.timeline --assert
    DATABASE=mariadb python -m benchmarks.timeline --people 20000 --sources 2000
    DATABASE=postgresql python -m benchmarks.timeline --people 100000 --sources 5000 --pages 1000000

Target: with Zipf popularity, about 50 subscriptions each and items for 0–1 audiences, the 95th percentile over people
of the first part (20 items) with all items is at most 1.3 × (SQLite 1.5 ×) that with 10,000 of them; part 50 costs at
most 1.1 × part 1; through the ORM a part costs at most 5 × reading its 20 pages by their keys. The worst people cost
at most 6 × the typical person: who follows 500 sources, only rare ones, only such as have gone quiet, or some of each.

Measured is the time of the two statements (``merging.newest``) where sizes, parts and people are compared, and that of
the whole part where it is compared with the pages. Each person is asked several times in turns, the fastest counts; on
SQLite as processor time, on PostgreSQL with that of its process, on MariaDB by the clock.
"""

import argparse
import random
import statistics
from collections.abc import Callable
from typing import Any

from benchmarks import segments_firm as firm
from benchmarks.visible_pages import _make_pages

GROWTH = {"sqlite": 1.5, "postgresql": 1.3, "mariadb": 1.3}
DEEP, HYDRATED, WORST = 1.1, 5.0, 6.0
MINE, NUMBER, PARTS, FEW = 50, 21, 50, 10_000
SEGMENTS, MY_SEGMENTS = 100, 12
#: The fastest of so many counts.
TURNS = 7


def main() -> None:
    options = _options()
    with firm.site() as engine:
        bench = _Site(options)
        print(f"{engine}: {options.people:,} people, {options.sources:,} sources")
        bench.fill(every=max(options.pages // FEW, 1))
        few = bench.first_parts()
        bench.fill(every=1)
        many = bench.first_parts()
        lines = [
            (f"first part, p95, all items against {FEW:,}", _p95(many) / _p95(few), GROWTH[engine], _p95(many)),
            bench.deep(),
            bench.hydrated(),
            *bench.worst(statistics.median(many)),
        ]
        missed = [_told(*line) for line in lines]
    if options.check and any(missed):
        raise SystemExit(1)


def _told(name: str, ratio: float, limit: float, seconds: float) -> bool:
    print(f"  {name:55} × {ratio:5.2f} (≤ {limit})  {seconds * 1000:7.2f} ms" + ("  MISSED" if ratio > limit else ""))
    return ratio > limit


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _fastest(*actions: Callable[[], Any]) -> list[float]:
    """Seconds of each, asked in turns."""
    taken = [[] for _action in actions]
    for _turn in range(TURNS):
        for number, action in enumerate(actions):
            taken[number].append(firm.timed(action)[0])
    return [min(some) for some in taken]


class _Site:
    """Pages, sources and people; items come in two steps."""

    def __init__(self, options: argparse.Namespace) -> None:
        from django.contrib.auth import get_user_model

        self.options, self.draw = options, random.Random(7)
        _hire(options.people)
        segments = [one for one in firm.make_segments(SEGMENTS) if not one.self_chosen and not one.broken]
        _make_pages(options.pages)
        _spread()
        self.audiences = _audiences(segments)
        self.source_ids = _sources(options.sources)
        _subscriptions(options.sources, self.source_ids[0])
        people = list(get_user_model().objects.filter(is_active=True).order_by("pk")[: options.sample + 4])
        _join(people, segments[:MY_SEGMENTS])
        self.worst_people, self.people = people[:4], people[4:]
        firm.analyze()

    def fill(self, every: int) -> None:
        """Make the items of every so manieth page."""
        from django.db import connection

        from wagtail_personalize.streams.models import TimelineItem

        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TimelineItem._meta.db_table}")
            for number in range(4):
                cursor.execute(_items(number, self.options.sources, self.source_ids[0], every))
        firm.analyze()
        print(f"  {TimelineItem.objects.count():,} rows of {self.options.pages // every:,} items")

    def ask(self, person: Any, before: int | None = None, sources: Any = None) -> Callable[[], Any]:
        """The two statements for somebody."""
        from wagtail_personalize.segments.viewer import Viewer
        from wagtail_personalize.streams.subscribing.reading import source_ids_of
        from wagtail_personalize.streams.timeline.keys import END
        from wagtail_personalize.streams.timeline.merging import Shut, newest
        from wagtail_personalize.targeting.audiences import visible_audience_ids

        shut = Shut({0, *visible_audience_ids(Viewer.for_person(person))})
        return lambda: newest(sources or source_ids_of(person.pk), shut, before or END, NUMBER)

    def first_parts(self) -> list[float]:
        return [_fastest(self.ask(person))[0] for person in self.people]

    def deep(self) -> tuple[str, float, float, float]:
        """Part 50 against part 1, of the people who have so many; the median."""
        ratios, deepest = [], []
        for person in self.people[:40]:
            before = None
            for _part in range(PARTS - 1):
                places = self.ask(person, before)()[0]
                before = places[-2] if len(places) == NUMBER else None
                if before is None:
                    break
            if before:
                first, last = _fastest(self.ask(person), self.ask(person, before))
                ratios.append(last / first)
                deepest.append(last)
        return f"part {PARTS} against part 1", statistics.median(ratios), DEEP, statistics.median(deepest)

    def hydrated(self) -> tuple[str, float, float, float]:
        """A whole part, with the door, against its pages by key."""
        from wagtail.models import Page

        from wagtail_personalize.segments.viewer import Viewer
        from wagtail_personalize.streams.timeline.reading import personal

        ratios, whole = [], []
        for person in self.people[:40]:
            viewer = Viewer.for_person(person)
            keys = [item.page.pk for item in personal(viewer).items]

            def whole_part(viewer: Viewer = viewer) -> list[Any]:
                viewer.__dict__.pop("_asked_once", None)  # as in a request of its own
                return personal(viewer).items

            ours, bare = _fastest(
                whole_part,
                lambda keys=keys: list(Page.objects.filter(pk__in=keys).specific()),
            )
            ratios.append(ours / bare)
            whole.append(ours)
        return "a whole part against its pages by key", statistics.median(ratios), HYDRATED, statistics.median(whole)

    def worst(self, typical: float) -> list[tuple[str, float, float, float]]:
        """People with unusual subscriptions, against the typical person."""
        first, number = self.source_ids[0], self.options.sources
        quiet = [first + place for place in range(number) if place % 10 == 0]
        rare = [first + place for place in range(number) if place % 10][-MINE:]
        many = [first + place for place in self.draw.sample(range(number), min(500, number))]
        chosen = {
            "500 sources": many,
            "only rare sources": rare,
            "only sources that have gone quiet": quiet[:MINE],
            "some of each": [*rare[:20], *quiet[:20], first + 1, first + 2],
        }
        found = []
        for person, (name, sources) in zip(self.worst_people, chosen.items(), strict=True):
            _subscribe(person, sources)
            seconds = _fastest(self.ask(person))[0]
            found.append((name, seconds / typical, WORST, seconds))
        return found


def _hire(people: int) -> None:
    """On MariaDB people without anything that rules ask about, and ``||`` puts texts together."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    if connection.vendor != "mysql":
        firm.hire(people)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT')")
    user = get_user_model()
    user.objects.bulk_create((user(username=f"n{number}") for number in range(people)), batch_size=1000)


def _spread() -> None:
    """Let the pages have been published in any order, over eleven days."""
    from django.db import connection

    ago = f"CAST(id AS {_big()}) * 7919 % 1000000"
    moment = f"datetime('2026-01-01', '-' || ({ago}) || ' seconds')"
    if connection.vendor == "mysql":
        moment = f"TIMESTAMPADD(SECOND, -({ago}), '2026-01-01')"
    elif connection.vendor == "postgresql":
        moment = f"timestamptz '2026-01-01' - ({ago}) * interval '1 second'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE wagtailcore_page SET first_published_at = {moment} WHERE depth > 2")


def _big() -> str:
    from django.db import connection

    return "signed" if connection.vendor == "mysql" else "bigint"


def _insert(table: str, columns: str, rows: str) -> str:
    """Whatever is there already stays as it is."""
    from django.db import connection

    first = {"sqlite": "INSERT OR IGNORE", "mysql": "INSERT IGNORE"}.get(connection.vendor, "INSERT")
    last = "" if connection.vendor in ("sqlite", "mysql") else " ON CONFLICT DO NOTHING"
    return f"{first} INTO {table} ({columns}) {rows}{last}"


def _audiences(segments: list[Any]) -> list[int]:
    """An audience for each segment; three in ten pages carry one of them."""
    from django.db import connection

    from wagtail_personalize.targeting.audiences import Clause, intern_all
    from wagtail_personalize.targeting.models import EffectiveAudience

    ids = sorted(one.pk for one in intern_all([frozenset({Clause.of([each])}) for each in segments]).values())
    assert ids[-1] - ids[0] == len(ids) - 1
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {EffectiveAudience._meta.db_table}")
        cursor.execute(
            f"INSERT INTO {EffectiveAudience._meta.db_table} (page_id, access_id, recommendation_id) "
            f"SELECT id, CASE WHEN (id * 31) % 10 < 3 THEN {ids[0]} + (id * 17) % {len(ids)} END, NULL "
            "FROM wagtailcore_page"
        )
    return ids


def _sources(number: int) -> list[int]:
    """So many sources, of a kind that nothing needs to be known of; their ids follow each other."""
    from wagtail_personalize.streams.models import Source

    Source.objects.bulk_create([Source(kind="bench", key=str(place)) for place in range(number)], batch_size=1000)
    ids = list(Source.objects.order_by("pk").values_list("pk", flat=True))
    assert ids[-1] - ids[0] == number - 1
    return ids


#: A place among so many sources, the first of them by far the most often: a number up to 999 to the third power.
_ZIPF = "(({seed}) % 1000 * (({seed}) % 1000) * (({seed}) % 1000) * {sources} {divided} 1000000000)"


def _place(seed: str, sources: int) -> str:
    from django.db import connection

    return _ZIPF.format(seed=seed, sources=sources, divided="DIV" if connection.vendor == "mysql" else "/")


def _subscriptions(sources: int, first: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from wagtail_personalize.streams.models import Subscription

    place = _place(f"CAST(u.id AS {_big()}) * 7919 + n * 104729", sources).replace(" % 1000", " %% 1000")
    rows = (
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
        f"SELECT u.id, {first} + {place}, 2, 0, 2, %s FROM auth_user u CROSS JOIN numbers"
    )
    statement = _insert(Subscription._meta.db_table, "person_id, source_id, own, given, level, since", rows)
    with connection.cursor() as cursor:
        cursor.execute(statement, [int(MINE * 1.4), timezone.now()])


def _subscribe(person: Any, source_ids: list[int]) -> None:
    from django.utils import timezone

    from wagtail_personalize.streams.models import Subscription

    Subscription.objects.filter(person=person).delete()
    Subscription.objects.bulk_create(
        Subscription(person=person, source_id=pk, own=2, level=2, since=timezone.now()) for pk in source_ids
    )
    firm.analyze()


def _items(number: int, sources: int, first: int, every: int) -> str:
    """One row for each page. Every tenth source has had nothing new for long."""
    from django.db import connection

    from wagtail_personalize.streams.models import TimelineItem

    seconds = {
        "mysql": "TIMESTAMPDIFF(SECOND, '1970-01-01', p.first_published_at)",
        "postgresql": "EXTRACT(epoch FROM p.first_published_at)::bigint",
    }.get(connection.vendor, "CAST(strftime('%s', p.first_published_at) AS bigint)")
    place = _place(f"CAST(p.id AS {_big()}) * 7877 + {number} * 104723", sources)
    key, quote = f"({seconds} * 2147483648 + p.id)", connection.ops.quote_name("key")
    rows = (
        f"SELECT {first} + place, page, place_in_time, audience FROM ("
        f"SELECT {place} AS place, p.id AS page, {key} AS place_in_time, COALESCE(e.access_id, 0) AS audience, "
        "(p.id * 7919) % 100 AS luck FROM wagtailcore_page p "
        "INNER JOIN personalize_targeting_effectiveaudience e ON e.page_id = p.id "
        f"WHERE p.depth > 2 AND p.id % {every} = 0 AND (p.id + {number}) % 4 < 3"
        f") found WHERE place % 10 > 0 OR (luck < 20 AND place_in_time < {_old()})"
    )
    return _insert(TimelineItem._meta.db_table, f"source_id, page_id, {quote}, audience", rows)


def _old() -> int:
    """The place before which sources that have gone quiet had their items."""
    from django.db.models import Max, Min
    from wagtail.models import Page

    from wagtail_personalize.streams.timeline.keys import key_at

    moments = Page.objects.aggregate(first=Min("first_published_at"), last=Max("first_published_at"))
    return key_at(moments["first"] + (moments["last"] - moments["first"]) / 4)


def _join(people: list[Any], segments: list[Any]) -> None:
    """Each of these people is in these segments."""
    from django.utils import timezone

    from wagtail_personalize.segments import versions
    from wagtail_personalize.segments.days import today
    from wagtail_personalize.segments.models import Membership

    versions.reach_day(today().toordinal())
    rows = [Membership(person=person, segment=each, since=timezone.now()) for person in people for each in segments]
    Membership.objects.bulk_create(rows, ignore_conflicts=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=100, help="how many people are measured")
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when a limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
