"""What it costs to roll up raw events, against the simplest thing that counts people on pages.

    python -m benchmarks.rollup --assert
    DATABASE=postgresql python -m benchmarks.rollup --events 1000000 --assert

Targets: a whole month with 20 reporting segments is rolled up, into figures of days, weeks and the month, at at most
1.3 × ``CREATE TABLE … AS SELECT … GROUP BY page, day, person`` of the same rows; the cost per row does not grow; and a
page of reports reads figures only, in the same time however many events there were.

By default there are as many rows for each figure as if there were ten million on three hundred pages.
What is measured is the whole command, from the marks of days to the stored figures. Both sides are measured in turns,
as processor time on SQLite and with that of the server's process on PostgreSQL; the median of the ratios counts.
"""

import argparse
import random
import statistics
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from benchmarks import segments_firm as firm

LIMIT = 1.3
GROWTH = 1.25
#: How much longer a report may take with three times the events.
READS = 1.5
FIRST = date(2026, 2, 2)  # four whole weeks begin here
DAYS = 28
SEGMENTS = 20
#: In how many reporting segments a person is.
EACH_IN = 2
_BIG = (1 << 63) - 1
EVENT_COLUMNS = ["id", "content", "day", "kind", "value", "pseudonym", "bridge", "load", "in_audience"]


def main() -> None:
    options = _options()
    missed = []
    with firm.site() as engine:
        print(f"{engine}: {options.people:,} people, {options.contents} pages, {SEGMENTS} reporting segments")
        contents, segments = _prepare(options.people, options.contents)
        few = _measured(options.events // 3, options, contents, segments)
        many = _measured(options.events, options, contents, segments)
    for name, value, limit in (
        ("roll-up ÷ GROUP BY", many["ratio"], LIMIT),
        ("cost per row, three times the rows", many["per_row"] / few["per_row"], GROWTH),
        ("report page, three times the rows", many["report"] / few["report"], READS),
    ):
        print(f"  {name:40} {value:5.2f} (≤ {limit})")
        if value > limit:
            missed.append(f"{name}: {value:.2f}")
    if missed:
        print("\nMissed:", *missed, sep="\n  ")
    if missed and options.check:
        raise SystemExit(1)


def _prepare(people: int, number: int) -> tuple[list[int], list[int]]:
    from wagtail_personalize.engagement.models import Content, ReportingSegment

    firm.hire(people)
    segments = firm.make_segments(SEGMENTS)
    ReportingSegment.objects.bulk_create(ReportingSegment(segment=segment) for segment in segments)
    Content.objects.bulk_create(Content(type="hashtag", key=f"page {n}") for n in range(number))
    Content.objects.create(type="site")
    return list(Content.objects.filter(type="hashtag").values_list("pk", flat=True)), [one.pk for one in segments]


def _measured(events: int, options: Any, contents: list[int], segments: list[int]) -> dict[str, float]:
    _fill(events, options.people, contents, segments)
    rounds = [_round(number) for number in range(options.rounds)]
    ratio = statistics.median(one["ours"] / one["bare"] for one in rounds)
    ours, bare = (statistics.median(one[side] for one in rounds) for side in ("ours", "bare"))
    nightly, report = _nightly(), _report(contents[0])
    print(
        f"  {events:>10,} rows: roll-up of {DAYS} days {ours:6.2f} s, GROUP BY {bare:6.2f} s, ratio {ratio:.2f};"
        f" one day, its week and month {nightly:6.2f} s; a report {report * 1000:.1f} ms"
    )
    return {"ratio": ratio, "per_row": ours / events, "report": report}


def _fill(rows: int, people: int, contents: list[int], segments: list[int]) -> None:
    """So many rows in both tables together; a view is told of in about five."""
    from wagtail_personalize.engagement.models import DirtyDay, Event, Figures, SegmentEvent
    from wagtail_personalize.people.many_rows import insert_rows

    for model in (Event, SegmentEvent, Figures, DirtyDay):
        model.objects.all()._raw_delete("default")
    draw, made = random.Random(7), 0
    popular = [1 / (place + 3) for place in range(len(contents))]
    own: list[tuple] = []
    theirs: list[tuple] = []
    while made < rows:
        content, person = draw.choices(contents, popular)[0], draw.randrange(people)
        day = FIRST + timedelta(days=draw.randrange(DAYS))
        told = list(_told(draw))
        for segment in (0, *draw.sample(segments, EACH_IN)):
            some = [_row(draw, content, day, person, segment, *one) for one in told]
            (theirs if segment else own).extend(_with_load(draw, some, segment))
            made += len(some)
        if len(theirs) > 20_000 or made >= rows:
            insert_rows(Event, [*EVENT_COLUMNS, "channel"], own)
            insert_rows(SegmentEvent, [*EVENT_COLUMNS, "segment"], theirs)
            own, theirs = [], []
    firm.analyze()


def _told(draw: random.Random) -> Iterator[tuple[int, int | None]]:
    """Kinds and values of one view."""
    yield 1, None
    yield 2, None
    for _heartbeat in range(draw.randrange(3)):
        yield 3, draw.choice((5, 15, 30, 60, 120, 300))
    yield 4, draw.choice((25, 50, 75, 100))
    if draw.random() < 0.1:
        yield draw.choice((5, 6, 8, 9)), None


def _row(draw: random.Random, content: int, day: date, person: int, segment: int, kind: int, value: Any) -> tuple:
    mixed = (person * 0x9E3779B97F4A7C15 ^ content * 0xC2B2AE3D27D4EB4F ^ segment * 0x165667B19E3779F9) & _BIG
    return (uuid.UUID(int=draw.getrandbits(128)), content, day, kind, value, mixed, None, None, person % 3 > 0)


def _with_load(draw: random.Random, rows: list[tuple], segment: int) -> Iterator[tuple]:
    load = uuid.UUID(int=draw.getrandbits(128))
    for row in rows:
        joined = (*row[:7], load if row[3] in (2, 3, 4) else None, row[8])
        yield (*joined, segment or "")


def _round(number: int) -> dict[str, float]:
    sides = {"ours": _roll_up, "bare": _group_by}
    return {side: firm.timed(sides[side])[0] for side in (sides if number % 2 else reversed(sides))}


def _roll_up() -> None:
    from wagtail_personalize.engagement.rollup.run import mark_all, roll_up

    mark_all()
    roll_up()


def _group_by() -> None:
    """Rows of page, day and person, as somebody would keep who must not: they lead to people."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table, group in (("event", ""), ("segmentevent", "segment_id, ")):
            keys = f"content_id, {group}day, pseudonym"
            cursor.execute(
                f"CREATE TEMPORARY TABLE bare_{table} AS SELECT {keys}, COUNT(*) AS number, MAX(value) AS most"
                f" FROM personalize_engagement_{table} GROUP BY {keys}"
            )
            cursor.execute(f"DROP TABLE bare_{table}")


def _nightly() -> float:
    from wagtail_personalize.engagement.rollup.closing import mark
    from wagtail_personalize.engagement.rollup.run import roll_up

    mark([FIRST + timedelta(days=DAYS - 1)])
    return firm.timed(roll_up)[0]


def _report(content: int) -> float:
    """A month of one page by segment and day, and the pages that were read most."""
    from wagtail_personalize.engagement.models import Figures

    def read() -> None:
        for _again in range(20):
            list(Figures.objects.filter(content=content, span="day", start__range=(FIRST, FIRST + timedelta(days=27))))
            list(Figures.objects.filter(span="month", start=FIRST.replace(day=1), segment_id=0).order_by("-views")[:50])

    return firm.timed(read)[0] / 20


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=300_000, help="rows of raw events, in both tables")
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--contents", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--assert", dest="check", action="store_true", help="fail when a target is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
