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

from tests.faults.rollup_acts import fill_events, purge_events, roll_up_events, view_again, views_of_spans  # noqa: F401

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
    """The import as the command does it: its time by the clock, processor time with the server's, and memory."""
    from django.core.management import call_command

    from benchmarks.segments_firm import timed

    def run() -> None:
        call_command("import_people", path, mapping=mapping, resume=True, verbosity=0, stdout=StringIO())

    began = time.monotonic()
    processor, _nothing = timed(run)
    return {"seconds": time.monotonic() - began, "processor": processor, "peak": _peak()}


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


def fill_mails(people: int) -> int:
    """People with a digest each, which tells of one page that all of them follow; they wait in the outbox."""
    from datetime import timedelta

    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from tests.streams.mailing import notice_of, notify
    from tests.streams.timeline import published
    from wagtail_personalize.streams.sources.finding import name_of, source_for
    from wagtail_personalize.streams.subscribing.models import Level, Subscription

    now, users = timezone.now(), get_user_model()
    made = users.objects.bulk_create(
        [users(username=f"p{n}", email=f"p{n}@example.com", password="!") for n in range(people)]
    )
    topic = published("Topic")
    source = source_for(name_of(topic))
    Subscription.objects.bulk_create(
        Subscription(person=one, source=source, own=Level.NORMAL, level=Level.NORMAL, since=now) for one in made
    )
    notify(notice_of(published("News", parent=topic), at=now - timedelta(days=2)), *made)
    return len(made)


@contextmanager
def _at_any_time(port: int = 1) -> Iterator[None]:
    """Mails leave on every day and at any hour, to the mail server at this port; a dead worker is noticed soon."""
    from django.conf import settings
    from django.test import override_settings

    from tests.mail_server import smtp_settings

    always = {"WORK_DAYS": tuple(range(7)), "DIGEST_HOUR": 0, "QUIET_HOURS": None, "MAIL_LEASE_SECONDS": 4}
    with override_settings(WAGTAIL_PERSONALIZE={**settings.WAGTAIL_PERSONALIZE, **always}, **smtp_settings(port)):
        yield


def write_digests() -> int:
    """As the scheduler does, without sending."""
    from wagtail_personalize.streams.mailing.digests import write_digests

    with _at_any_time():
        return write_digests()


def fork(act: str, *arguments: str) -> int:
    """Begin an act in a process of its own that need not start first, and may be killed; returns its id."""
    import os
    import signal

    from django.db import connections

    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for it
    if child := os.fork():
        return child
    try:
        _act(act, *arguments)
    finally:
        os._exit(0)


def send_mails(port: int) -> int:
    """A worker that stays until every mail has come to an end."""
    from wagtail_personalize.streams.mailing.models import OutgoingMail, State
    from wagtail_personalize.streams.mailing.working import send_all

    handled = 0
    with _at_any_time(port):
        while OutgoingMail.objects.filter(state__in=[State.WAITING, State.SENDING]).exists():
            handled += send_all()
            time.sleep(0.2)
    return handled


def mail_at_once() -> int:
    """What a publication leads to for those who want it at once: their mails wait, and a task is queued."""
    from wagtail_personalize.streams.mailing.outbox import enqueue_now
    from wagtail_personalize.streams.notifications.models import Mail, Notification

    fill_mails(120)
    Notification.objects.update(mail=Mail.NOW)
    return enqueue_now(Notification.objects.first().notice)


def mails() -> list[list[Any]]:
    """Where each mail stands: pairs of key and state."""
    from wagtail_personalize.streams.mailing.models import OutgoingMail

    return [list(pair) for pair in OutgoingMail.objects.values_list("key", "state")]


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
        return json.dumps(act(*(int(word) if str(word).isdigit() else word for word in arguments)))


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
