"""What filling all segments for the first time costs, against writing the same rows without having to find them.

    python -m benchmarks.segments_fill --assert
    DATABASE=postgresql python -m benchmarks.segments_fill

Target: filling 100,000 people × 500 segments, some 2.5 million memberships, costs at most 1.5 × writing the same rows
into the same table with the same indexes by ``executemany`` (SQLite) or ``COPY`` (PostgreSQL). How the cost of one
membership grows with the number of people is shown by ``segments_refresh --growth``.
"""

import argparse
import statistics
from typing import Any

from benchmarks import segments_firm as firm

LIMIT = 1.5
COLUMNS = "segment_id, person_id, since, cause"


def main() -> None:
    options = _options()
    with firm.site() as engine:
        firm.hire(options.people)
        firm.make_segments(options.segments)
        rounds = [_round(engine) for _round_number in range(options.rounds)]
    ratio = statistics.median(fill / plain for fill, plain, _number in rounds)
    print(f"{engine}: {options.people:,} people × {options.segments} segments, {rounds[0][2]:,} memberships")
    for fill, plain, _number in rounds:
        print(f"  first fill {fill:6.2f} s   the same rows alone {plain:6.2f} s")
    print(
        f"  ratio {ratio:.2f} (≤ {LIMIT}), the most memory {firm.megabytes():.0f} MB (with the rows of the other side)"
    )
    if ratio > LIMIT and options.check:
        raise SystemExit(1)


def _round(engine: str) -> tuple[float, float, int]:
    from wagtail_personalize.segments.refresh import refresh

    _empty()
    fill, _difference = firm.timed(refresh)
    rows = _rows()
    _empty()
    plain, _none = firm.timed(lambda: _copy(rows) if engine == "postgresql" else _insert(rows))
    return fill, plain, len(rows)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        truncate = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
        cursor.execute(f"{truncate} {_table()}")


def _rows() -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM {_table()} ORDER BY person_id, segment_id")
        return cursor.fetchall()


def _insert(rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {_table()} ({COLUMNS}) VALUES (%s, %s, %s, %s)", rows)


def _copy(rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction

    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table()} ({COLUMNS}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _table() -> str:
    from wagtail_personalize.segments.models import Membership

    return Membership._meta.db_table


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--segments", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when the limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
