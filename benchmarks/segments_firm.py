"""A firm of any size, and any number of different rules about it, for the benchmarks of segments.

Everything is made by ``INSERT … SELECT`` from numbers, so a million people take seconds, and the same numbers give the
same firm on every database. The site is the one of the tests; ``DATABASE`` chooses the database.
"""

import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

UNITS, OFFICES, SKILLS, GROUPS = 400, 30, 50, 20


#: The database that a server has anyway.
_FIRST = {"postgresql": "postgres", "mariadb": "mysql"}


@contextmanager
def site() -> Iterator[str]:
    """Django set up over an empty database of its own, which is dropped afterwards; yields the database's name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with tempfile.TemporaryDirectory() as directory:
        engine = os.environ.get("DATABASE", "sqlite")
        name = f"{directory}/firm" if engine == "sqlite" else f"personalize_firm_{os.getpid()}"
        os.environ["DATABASE_NAME"] = name if engine == "sqlite" else _FIRST[engine]
        import django

        django.setup()
        with _database(engine, name):
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield engine


@contextmanager
def _database(engine: str, name: str) -> Iterator[None]:
    from django.db import connection

    if engine == "sqlite":
        yield
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = _FIRST[engine]
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")
        connection.close()


def hire(people: int) -> None:
    """So many people with all that rules ask about; nobody is told of it."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements(people, postgresql=connection.vendor == "postgresql"):
            cursor.execute(statement)
    analyze()


def make_segments(number: int) -> list[Any]:
    """So many segments with rules that all differ, saved without anybody in them."""
    from wagtail_personalize.segments import versions
    from wagtail_personalize.segments.changing import catch_up
    from wagtail_personalize.segments.days import today
    from wagtail_personalize.segments.deriving import meanings, store_flags
    from wagtail_personalize.segments.models import Segment

    segments = [
        Segment(name=f"Segment {n}", slug=f"segment-{n}", rule=rule) for n, rule in enumerate(different_rules(number))
    ]
    super(type(Segment.objects.all()), Segment.objects.all()).bulk_create(segments)
    catch_up()
    store_flags(meanings(Segment.objects.all(), today()))
    versions.grow(versions.SEGMENTS)
    analyze()
    return list(Segment.objects.order_by("pk"))


def different_rules(number: int, seed: int = 3) -> list[dict[str, Any]]:
    """Rules as editors write them: two or three conditions of every kind, one in four with a group inside."""
    draw = random.Random(seed)
    return [_rule(draw, n) for n in range(number)]


def _rule(draw: random.Random, n: int) -> dict[str, Any]:
    first, second = _wide(draw), _narrow(draw)
    if n % 4:
        return {"all": [first, second]} if n % 3 else {"all": [second, {"none": [_narrow(draw)]}, first]}
    return {"all": [first, {"any": [second, {"all": [_narrow(draw), _wide(draw)]}]}]}


def _narrow(draw: random.Random) -> dict[str, Any]:
    """A condition that a tenth of the people or fewer satisfy."""
    return draw.choice(
        [
            lambda: _is("department", "is_one_of", [f"Département {draw.randrange(40)}" for _ in range(3)]),
            lambda: _is("unit", "is_under", [f"U{draw.randrange(1, 60)}"]),
            lambda: _is("city", "is_one_of", [f"City {draw.randrange(OFFICES)}" for _ in range(3)]),
            lambda: _is("office", "is", f"O{draw.randrange(OFFICES)}"),
            lambda: _is("skills", "has_any", [f"Skill {draw.randrange(SKILLS)}" for _ in range(3)]),
            lambda: _is("job_title", "contains", f"{draw.randrange(10, 30)}"),
            lambda: _is("hired", "in_the_last", draw.randrange(6, 30), unit="months"),
            lambda: _is("hired", "anniversary_within", draw.randrange(1, 30), unit="days"),
            lambda: {"operator": "in_group", "value": f"Group {draw.randrange(GROUPS)}"},
            lambda: {"operator": "reports_to", "value": f"N{draw.randrange(2, 60)}", "depth": "any"},
            lambda: _is("level", "is", draw.randrange(10)),
        ]
    )()


def _wide(draw: random.Random) -> dict[str, Any]:
    """A condition that most people satisfy."""
    return draw.choice(
        [
            lambda: _is("level", "gte", draw.randrange(0, 5)),
            lambda: _is("hired", "more_than_ago", draw.randrange(1, 60), unit="months"),
            lambda: _is("department", "is_not", f"Département {draw.randrange(40)}"),
            lambda: _is("remote", "is", draw.random() < 0.5),
            lambda: _is("last_name", "does_not_contain", f"{draw.randrange(100)}"),
            lambda: _is("skills", "has_none", [f"Skill {draw.randrange(SKILLS)}"]),
        ]
    )()


def _is(attribute: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"attribute": attribute, "operator": operator, "value": value, **more}


def bare_counts() -> int:
    """What the refresh is measured against: one bare ``SELECT count(*)`` for each segment; returns the sum."""
    from wagtail_personalize.people.declaration import get_declaration

    profiles = get_declaration().profiles()
    return sum(profiles.filter(q).count() for q in definitions())


def definitions() -> list[Any]:
    """The ``Q`` of every segment."""
    from wagtail_personalize.segments.effective import effective_qs
    from wagtail_personalize.segments.models import Segment

    return list(effective_qs(Segment.objects.order_by("pk")).values())


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """How many seconds of processor time the action took, and what it returned.

    That does not depend on what else the machine does. SQLite works in this process; with PostgreSQL on this machine
    the time of its process for our connection is added. Where the server is elsewhere it is the time by the clock.
    """
    clock = _clock()
    begin = clock()
    result = action()
    return clock() - begin, result


def _clock() -> Callable[[], float]:
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time
    if connection.vendor == "mysql":
        return time.perf_counter
    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    if connection.settings_dict["HOST"] not in ("", "localhost", "127.0.0.1") or not schedule.exists():
        return time.perf_counter
    return lambda: time.process_time() + int(schedule.read_text().split()[0]) / 1e9


def megabytes() -> float:
    """The most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def analyze() -> None:
    """Tell the database how large its tables are now, as its own housekeeping would do after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        tables = ", ".join(connection.introspection.table_names(cursor)) if connection.vendor == "mysql" else ""
        cursor.execute(f"ANALYZE TABLE {tables}" if tables else "ANALYZE")
        if tables:
            cursor.fetchall()


def _statements(people: int, *, postgresql: bool) -> Iterator[str]:
    def numbers(most: int, first: int = 1) -> str:
        if postgresql:
            return f"(SELECT n::int FROM generate_series({first}, {most}) n) AS numbers"
        return (
            f"(WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {most}) SELECT n FROM c)"
        )

    true, false = ("true", "false") if postgresql else ("1", "0")
    now = "now()" if postgresql else "'2026-01-01 00:00:00'"
    day = "DATE '2000-01-01' + (n * 37 % 9700)"
    birthday = "DATE '2000-01-01' + (n * 41 % 366)"
    if not postgresql:
        day = "date('2000-01-01', '+' || (n * 37 % 9700) || ' days')"
        birthday = "date('2000-01-01', '+' || (n * 41 % 366) || ' days')"
    yield (
        "INSERT INTO intranet_unit (id, code, name, parent_id) "
        f"SELECT n, 'U' || n, 'Unit ' || n, CASE WHEN n > 1 THEN (n + 2) / 4 END FROM {numbers(UNITS)}"
    )
    yield (
        "INSERT INTO intranet_office (id, code, city, country) "
        f"SELECT n + 1, 'O' || n, 'City ' || n, '' FROM {numbers(OFFICES - 1, 0)}"
    )
    yield f"INSERT INTO intranet_skill (id, name) SELECT n + 1, 'Skill ' || n FROM {numbers(SKILLS - 1, 0)}"
    yield f"INSERT INTO auth_group (id, name) SELECT n + 1000, 'Group ' || n FROM {numbers(GROUPS - 1, 0)}"
    yield (
        "INSERT INTO auth_user (id, username, password, first_name, last_name, email, is_staff, is_active,"
        " is_superuser, date_joined) "
        f"SELECT n, 'p' || n, '', 'First', 'Name ' || (n * 31 % 5000), '', {false},"
        f" CASE WHEN n % 50 = 7 THEN {false} ELSE {true} END, {false}, {now} FROM {numbers(people)}"
    )
    yield (
        "INSERT INTO intranet_staff (id, user_id, staff_number, department, job_title, level, hired, birthday,"
        " remote, motto, unit_id, office_id, manager_id) "
        f"SELECT n, n, 'N' || n, 'Département ' || (n * 7 / 3 % 40), 'Title ' || (n * 11 % 300), n * 13 / 7 % 10,"
        f" {day}, {birthday}, CASE WHEN n % 3 = 0 THEN {true} ELSE {false} END, 'Motto ' || (n % 500),"
        f" n * 17 / 5 % {UNITS} + 1, n * 19 / 3 % {OFFICES} + 1, CASE WHEN n > 1 THEN (n + 6) / 8 END"
        f" FROM {numbers(people)}"
    )
    for step in (1, 2):
        yield (
            "INSERT INTO intranet_staff_skills (staff_id, skill_id) "
            f"SELECT n, (n * {step} / 3 + {step} * 7) % {SKILLS} + 1 FROM {numbers(people)}"
            + (f" WHERE (n / 3 + 7) % {SKILLS} <> (n * 2 / 3 + 14) % {SKILLS}" if step == 2 else "")
        )
    yield (
        "INSERT INTO auth_user_groups (user_id, group_id) "
        f"SELECT n, n * 23 / 2 % {GROUPS} + 1000 FROM {numbers(people)}"
    )
