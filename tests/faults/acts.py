"""What the processes of the fault tests do: ``python -m tests.faults.acts NAME [ARGUMENTS]``, answering in JSON.

``python -m tests.faults.acts serve`` reads one such line after another, because starting a process takes seconds.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

DEPARTMENTS = 20
OFFICES = 10


def fill(people: int, segments: int) -> int:
    """A company: departments and levels by number, and a segment for each department and some mixed ones."""
    from django.contrib.auth import get_user_model

    from tests.intranet.models import Office, Staff
    from wagtail_personalize.people import changed

    offices = Office.objects.bulk_create([Office(code=f"O{n}", city=f"City {n}") for n in range(OFFICES)])
    users = get_user_model()
    numbers = iter(range(people))
    while some := list(islice(numbers, 5_000)):
        made = users.objects.bulk_create([users(username=f"p{n}", password="!") for n in some])
        Staff.objects.bulk_create(
            Staff(user=user, staff_number=str(n), office=offices[n % OFFICES], level=n % 7, **_department(n))
            for user, n in zip(made, some, strict=True)
        )
    _segments(segments)
    changed()
    return Staff.objects.count()


def _department(number: int) -> dict[str, str]:
    return {"department": f"Department {number % DEPARTMENTS}"}


def _segments(number: int) -> None:
    from wagtail_personalize.segments.models import Segment

    def rule(n: int) -> dict[str, Any]:
        department = {"attribute": "department", "operator": "is", "value": f"Department {n % DEPARTMENTS}"}
        level = {"attribute": "level", "operator": "gte", "value": n % 7}
        return {"any": [department, level]} if n % 2 else {"all": [department]}

    Segment.objects.bulk_create([Segment(name=f"S{n}", slug=f"s{n}", rule=rule(n)) for n in range(number)])


def turn(by: int) -> int:
    """Everybody moves on by so many departments, behind the back of the package."""
    from tests.intranet.models import Staff

    rows = list(Staff.objects.only("pk", "staff_number"))
    for row in rows:
        row.department = _department(int(row.staff_number) + by)["department"]
    Staff.objects.bulk_update(rows, ["department"], batch_size=2_000)
    return len(rows)


def refresh(times: int = 1) -> list[int]:
    """Refresh everything so many times."""
    from wagtail_personalize.segments.refresh import refresh

    return [sum(refresh()) for _ in range(times)]


def refresh_one(slug: str, times: int) -> int:
    """Refresh one segment so many times, changing it in between."""
    from wagtail_personalize.segments.models import Membership, Segment
    from wagtail_personalize.segments.refresh import refresh

    segment = Segment.objects.get(slug=slug)
    for _ in range(times):
        lost = Membership.objects.filter(segment=segment).order_by("?").values_list("pk", flat=True)[:50]
        Membership.objects.filter(pk__in=list(lost)).delete()
        refresh([segment])
    return segment.size()


def save_profiles(times: int) -> int:
    """Move people one by one, as their forms would."""
    from tests.intranet.models import Staff

    keys = list(Staff.objects.values_list("pk", flat=True))
    for _ in range(times):
        staff = Staff.objects.get(pk=random.choice(keys))
        staff.department = _department(random.randrange(DEPARTMENTS))["department"]
        staff.save()
    return times


def memberships() -> list[list[int]]:
    """Everything stored: pairs of segment and person."""
    from wagtail_personalize.segments.models import Membership

    return [list(pair) for pair in Membership.objects.values_list("segment", "person")]


def computed() -> list[list[int]]:
    """Everything that the rules say now."""
    from wagtail_personalize.people.declaration import get_declaration
    from wagtail_personalize.segments.effective import effective_q
    from wagtail_personalize.segments.models import Segment

    path = get_declaration().person_path
    return [
        [segment.pk, person]
        for segment in Segment.objects.all()
        for person in get_declaration().profiles().filter(effective_q(segment)).values_list(path, flat=True)
    ]


def difference() -> str:
    """What ``refresh_segments --check`` finds; empty when stored is computed."""
    from wagtail_personalize.segments.refresh import check

    return "; ".join(map(str, check()))


def import_people(path: str, mapping: str) -> dict[str, Any]:
    """The import as the command does it, with its time and its memory."""
    from django.core.management import call_command

    began = time.monotonic()
    call_command("import_people", path, mapping=mapping, resume=True, verbosity=0, stdout=StringIO())
    return {"seconds": time.monotonic() - began, "peak": _peak()}


def _peak() -> int:
    """The most memory that this process has had, in bytes; ``getrusage`` would count what its parent had too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def imported() -> dict[str, Any]:
    """What stands in the tables after an import."""
    from tests.intranet.models import Staff
    from wagtail_personalize.people.importing.models import ImportRun

    run = ImportRun.objects.latest("pk")
    return {
        "people": Staff.objects.exclude(staff_number__startswith="x").count(),
        "departments": sorted(Staff.objects.values_list("department", flat=True).distinct()),
        "checkpoint": run.checkpoint,
        "state": run.state,
        "counts": run.counts,
    }


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Nothing that an act prints may get between the answer and who reads it."""
    answer, sys.stdout = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout = answer


def _act(name: str, *arguments: str) -> str:
    act: Callable[..., Any] = globals()[name]
    with _undisturbed():
        return json.dumps(act(*(int(word) if word.isdigit() else word for word in arguments)))


def main(*words: str) -> None:
    import django

    django.setup()
    if words != ("serve",):
        _say(_act(*words))
        return
    for line in sys.stdin:
        _say(_act(*json.loads(line)))


def _say(answer: str) -> None:
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
