"""Takes batches out of the buffer and stores them."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from ..beacon.reading import believed, read_beacon
from ..counting.balances import Outcome
from ..counting.happened import Happened
from ..counting.storing import store
from .models import StoredBatch
from .queue import Batch, RedisQueue

#: So many beacons are stored in one transaction.
BEACONS_AT_ONCE = 500
_DAYS_KEPT = 7


def drain(buffer: RedisQueue, most: int = BEACONS_AT_ONCE) -> Iterator[Outcome]:
    """Store what waits, a batch at a time. A batch that cannot be stored stays claimed for the next try, and raises."""
    while batch := buffer.claim(most):
        events, lost = _open(batch, buffer)
        try:
            outcome = store(events, balance=True, lost=lost + batch.lost, batch=batch.name)
        except (DatabaseError, InterfaceError):
            buffer.release(batch)
            raise
        buffer.acknowledge(batch)
        yield outcome


def _open(batch: Batch, buffer: RedisQueue) -> tuple[list[Happened], Outcome]:
    now = time.time()
    read = [(read_beacon(body, received), received) for received, body in batch.beacons]
    since = buffer.resumed(sorted({beacon.view.person for beacon, _ in read if beacon}))
    events: list[Happened] = []
    lost = Outcome()
    for beacon, received in read:
        if beacon is None:
            lost += Outcome(rejected=1)
        elif received <= since.get(beacon.view.person, 0):
            lost += Outcome(rejected=len(beacon.entries))
        else:
            found, others = believed(beacon, received, now)
            events += found
            lost += others
    return events, lost


def purge() -> int:
    """Forget which batches are stored, long after nobody could bring them again."""
    old = StoredBatch.objects.filter(at__lt=timezone.now() - timedelta(days=_DAYS_KEPT))
    return old.delete()[0]
