"""How many beacons a person may send in a minute. Kept in memory and forgotten with the minute."""

import threading
import time
from collections import Counter

PER_MINUTE = 60
#: A minute with more people than this is counted anew, so that memory stays small.
_MOST_PEOPLE = 100_000


class MinuteLimit:
    """Counts within one process; the buffer counts for all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute, self._counts = 0, Counter()

    def passes(self, person: str) -> bool:
        """Count one more beacon of ``person``, and say whether it is within the limit."""
        minute = int(time.time() // 60)
        with self._lock:
            if minute != self._minute or len(self._counts) >= _MOST_PEOPLE:
                self._minute, self._counts = minute, Counter()
            self._counts[person] += 1
            return self._counts[person] <= PER_MINUTE


minute_limit = MinuteLimit()
