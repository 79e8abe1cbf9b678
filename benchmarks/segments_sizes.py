"""What the size costs that editors see while they write a rule, against the bare ``SELECT count(*)``.

    python -m benchmarks.segments_sizes --assert
    DATABASE=postgresql python -m benchmarks.segments_sizes

Target: at 100,000 people, for 50 different rules, the live size (checking the rule, compiling it, counting) costs at
most 2 × the statement alone, ready-made and sent through the same connection; of the 50 ratios, each the median of a
few rounds measured in turns, the 95th percentile counts (the 48th of 50: nearest rank). What the size takes beside the
statement is printed too: where an index answers within a millisecond, the ratio says little about what an editor waits.
"""

import argparse
import math
import statistics

from benchmarks import segments_firm as firm

LIMIT = 2.0


def main() -> None:
    options = _options()
    with firm.site() as engine:
        firm.hire(options.people)
        firm.make_segments(0)
        measured = [_measured(rule, options.rounds) for rule in firm.different_rules(options.rules, seed=7)]
    ratios, beside = (sorted(column) for column in zip(*measured, strict=True))
    nearest_rank = math.ceil(0.95 * len(ratios)) - 1
    p95 = ratios[nearest_rank]
    print(f"{engine}: {options.people:,} people, {options.rules} rules, live size against the bare count")
    print(f"  median {statistics.median(ratios):.2f}   95th percentile {p95:.2f} (≤ {LIMIT})   worst {ratios[-1]:.2f}")
    print(
        f"  beside the count: median {statistics.median(beside):.1f} ms   95th percentile {beside[nearest_rank]:.1f} ms"
    )
    if p95 > LIMIT and options.check:
        raise SystemExit(1)


def _measured(rule, rounds: int) -> tuple[float, float]:
    """How many times as long as the bare count the size takes, and how many milliseconds longer."""
    from django.db import connection

    from wagtail_personalize.segments.admin.drafts import Draft

    statement, parameters = Draft(rule).people().order_by().values("pk").query.sql_with_params()

    def bare() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({statement}) AS people", parameters)
            return cursor.fetchone()[0]

    def live() -> int:
        draft = Draft(rule)
        return -1 if draft.problems else draft.people().count()

    pairs = []
    for _round in range(rounds):
        (one, expected), (other, found) = firm.timed(bare), firm.timed(live)
        if expected != found:
            raise SystemExit(f"{found} instead of {expected} people satisfy {rule}")
        pairs.append((other / one, 1000 * (other - one)))
    return tuple(statistics.median(column) for column in zip(*pairs, strict=True))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when the limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
