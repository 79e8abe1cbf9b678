"""What refreshing segments costs, against bare ``SELECT count(*)`` of the same rules.

    python -m benchmarks.segments_refresh --assert
    DATABASE=postgresql python -m benchmarks.segments_refresh --people 100000 --segments 500
    python -m benchmarks.segments_refresh --growth 10000 100000 1000000 --growth-segments 50

Targets, all ratios within one run:

1. Nothing changed, 100,000 people × 500 segments: the full refresh costs at most 1.0 × the 500 counts.
2. 1 % of the people changed: telling of them (as an import does) costs at most 0.1 × the full refresh, writes included.
3. From 10,000 to 1,000,000 people the full refresh costs at most 1.3 × as much per person (each size is measured in a
   process of its own against the smallest one), and at 1,000,000 the process stays below 300 MB.

The sides are measured in turns, on SQLite as processor time, and the median of the rounds' ratios counts, because other
things run on a machine.
"""

import argparse
import json
import statistics
import subprocess
import sys

from benchmarks import segments_firm as firm

LIMITS = {"nothing changed": 1.0, "1 % changed": 0.1, "growth": 1.3, "megabytes": 300}


def main() -> None:
    options = _options()
    if options.one_size:
        print(json.dumps(_size(options.people, options.segments, options.rounds)))
        return
    missed = _against_counts(options) if options.segments else []
    missed += _growth(options) if options.growth else []
    if missed:
        print("\nMissed:", *missed, sep="\n  ")
    if missed and options.check:
        raise SystemExit(1)


def _against_counts(options: argparse.Namespace) -> list[str]:
    with firm.site() as engine:
        firm.hire(options.people)
        firm.make_segments(options.segments)
        filled, difference = firm.timed(_refresh)
        print(f"{engine}: {options.people:,} people × {options.segments} segments, {difference.joined:,} memberships")
        firm.analyze()
        rounds = [_round(number, options.people) for number in range(options.rounds)]
    print(f"  first fill {filled:.1f} s; the most memory so far {firm.megabytes():.0f} MB")
    for bare, full, some in rounds:
        print(f"  counts {bare:6.2f} s   full refresh {full:6.2f} s   1 % changed {some:6.2f} s")
    missed = _judge("nothing changed", statistics.median(full / bare for bare, full, _some in rounds))
    return missed + _judge("1 % changed", statistics.median(some / full for _bare, full, some in rounds))


def _round(number: int, people: int) -> tuple[float, float, float]:
    bare, _sum = firm.timed(firm.bare_counts)
    full, nothing = firm.timed(_refresh)
    if nothing != (0, 0):
        raise SystemExit(f"Something changed although nothing did: {nothing}")
    some, _none = firm.timed(lambda: _change(people, number))
    return bare, full, some


def _refresh():
    from wagtail_personalize.segments.refresh import refresh

    return refresh()


def _change(people: int, number: int) -> None:
    """Every hundredth person is somewhere else and does something else, told of in batches as an import does."""
    from django.db.models import F

    from tests.intranet.models import Staff
    from wagtail_personalize.people.changes import changed

    keys = list(range(number + 1, people + 1, 100))
    for first in range(0, len(keys), 1000):
        staff = Staff.objects.filter(pk__in=keys[first : first + 1000])
        staff.update(
            department=f"Département {number}",
            job_title=f"Title {number + 10}",
            level=(F("level") + 1) % 10,
            office_id=F("office_id") % firm.OFFICES + 1,
        )
        changed(staff, {"department", "job_title", "level", "office", "city"}, cause="import")


def _growth(options: argparse.Namespace) -> list[str]:
    """Seconds per person at each size, from the smallest on, and memory at the largest."""
    missed, first = [], None
    for people in options.growth:
        command = [sys.executable, "-m", "benchmarks.segments_refresh", "--one-size", f"--people={people}"]
        command += [f"--segments={options.growth_segments}", f"--rounds={options.rounds}"]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        each = found["full"] / people * 1e6
        first = first or each
        fill = found["fill"] / found["memberships"] * 1e6
        print(
            f"  {people:9,} people × {options.growth_segments} segments: full refresh {each:5.1f} µs a person,"
            f" first fill {fill:4.1f} µs a membership, {found['megabytes']:.0f} MB"
        )
        missed += _judge("growth", each / first) + _judge("megabytes", found["megabytes"])
    return missed


def _size(people: int, segments: int, rounds: int) -> dict[str, float]:
    with firm.site():
        firm.hire(people)
        firm.make_segments(segments)
        fill, difference = firm.timed(_refresh)
        firm.analyze()
        full = min(firm.timed(_refresh)[0] for _round in range(rounds))
    return {"fill": fill, "full": full, "memberships": difference.joined, "megabytes": firm.megabytes()}


def _judge(name: str, found: float) -> list[str]:
    limit = LIMITS[name]
    line = f"{name}: {found:.2f} (≤ {limit})"
    print(f"  {line}")
    return [line] if found > limit else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--segments", type=int, default=500, help="0: only measure the growth")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="*", default=[10_000, 100_000], help="numbers of people")
    parser.add_argument("--growth-segments", type=int, default=50)
    parser.add_argument("--one-size", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when a limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
