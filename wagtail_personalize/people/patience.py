"""Doing a transaction again when the database gave up on it: writers may get into each other's way."""

from collections.abc import Callable
from time import sleep
from typing import TypeVar

from django.db import OperationalError, connections

T = TypeVar("T")

#: How often each step is tried before it fails.
ATTEMPTS = 5


def patiently(action: Callable[[], T], using: str) -> T:
    """Do ``action``, a transaction of its own on the database ``using``, again after a deadlock, or when another
    process held its lock for longer than the database waits."""
    for attempt in range(1, ATTEMPTS):
        try:
            return action()
        except OperationalError:
            if connections[using].in_atomic_block:
                raise
            sleep(attempt / 10)
    return action()
