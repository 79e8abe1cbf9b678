"""The frame in which memberships change, and what has to be right before they are worked out for everybody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import TypeVar

from django.db import OperationalError, connections, router, transaction

from wagtail_personalize.people.attributes import Tree
from wagtail_personalize.people.closure import rebuild_reporting_line, rebuild_tree
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folded_values import tidy

from . import versions
from .models import Membership

T = TypeVar("T")

#: How often a refresh tries each step before it fails.
ATTEMPTS = 5


@contextmanager
def changing_memberships() -> Iterator[None]:
    """One transaction in which nobody else changes who is in what."""
    with transaction.atomic(using=router.db_for_write(Membership)):
        versions.hold(versions.MEMBERSHIPS)
        yield


def patiently(action: Callable[[], T]) -> T:
    """Do ``action``, a transaction of its own, again when the database gave up on it: after a deadlock, or because
    another process held its lock for longer than the database waits."""
    for attempt in range(1, ATTEMPTS):
        try:
            return action()
        except OperationalError:
            if connections[router.db_for_write(Membership)].in_atomic_block:
                raise
            sleep(attempt / 10)
    return action()


def catch_up() -> None:
    """Make the tables that rules are compiled against right for all people, whatever was told of changes."""
    declaration = get_declaration()
    if declaration is None:
        return
    with changing_memberships():
        tidy()
        for attribute in declaration.attributes:
            if isinstance(attribute, Tree):
                rebuild_tree(attribute)
        rebuild_reporting_line()
