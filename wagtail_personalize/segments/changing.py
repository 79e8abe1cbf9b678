"""The frame in which memberships change, and what has to be right before they are worked out for everybody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import router, transaction

from wagtail_personalize.people import patience
from wagtail_personalize.people.attributes import Tree
from wagtail_personalize.people.closure import rebuild_reporting_line, rebuild_tree
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folded_values import tidy

from . import versions
from .models import Membership

T = TypeVar("T")


@contextmanager
def changing_memberships() -> Iterator[None]:
    """One transaction in which nobody else changes who is in what."""
    with transaction.atomic(using=router.db_for_write(Membership)):
        versions.hold(versions.MEMBERSHIPS)
        yield


def patiently(action: Callable[[], T]) -> T:
    """Do ``action``, a transaction of its own, again when the database gave up on it."""
    return patience.patiently(action, router.db_for_write(Membership))


def catch_up() -> None:
    """Make the tables that rules are compiled against right for all people, whatever was told of changes."""
    from .journeys.changing import follow_everybody
    from .series.following import follow_all

    declaration = get_declaration()
    if declaration is None:
        return
    with changing_memberships():
        tidy()
        for attribute in declaration.attributes:
            if isinstance(attribute, Tree):
                rebuild_tree(attribute)
        rebuild_reporting_line()
        follow_all()
        follow_everybody()
