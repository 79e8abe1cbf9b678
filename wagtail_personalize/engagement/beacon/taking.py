"""Takes a beacon: into the buffer where there is one, else into the database at once.

Nothing here may fail for the browser. While the database is away, what cannot be stored is counted in memory as
dropped, and enters the balance with the next beacon that is stored.
"""

import threading
import time

from django.db import DatabaseError, InterfaceError

from ..buffer.queue import queue
from ..counting.balances import Outcome
from ..counting.storing import store
from .limits import minute_limit
from .reading import believed, read_beacon


class Pending:
    """What still has to enter the balance."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcome = Outcome()

    def add(self, outcome: Outcome) -> None:
        with self._lock:
            self._outcome += outcome

    def take(self) -> Outcome:
        with self._lock:
            outcome, self._outcome = self._outcome, Outcome()
            return outcome


pending = Pending()


def take(body: bytes) -> None:
    """A beacon as it came."""
    received = time.time()
    buffer = queue()
    if buffer is not None and buffer.push(body, received):
        return
    beacon = read_beacon(body, received)
    if beacon is None:
        _store([], Outcome(rejected=1))
    elif not minute_limit.passes(beacon.view.person):
        _store([], Outcome(rejected=len(beacon.entries)))
    else:
        events, lost = believed(beacon, received, received)
        _store(events, lost)


def refuse() -> None:
    """A beacon that nobody looked into counts as one event."""
    buffer = queue()
    if buffer is None or not buffer.lose(Outcome(rejected=1)):
        _store([], Outcome(rejected=1))


def _store(events: list, lost: Outcome) -> None:
    waiting = pending.take()
    try:
        store(events, balance=True, lost=lost + waiting)
    except (DatabaseError, InterfaceError):
        pending.add(lost + waiting + Outcome(dropped=len(events)))
