"""Replacing the figures of whole spans, in one transaction: old or new, never half of each.

Two roll-ups at once, or one beside a purge, would write what they read before the other one wrote. So whoever writes
makes the version ``engagement`` grow, and whoever finds that it grew since they began to read begins again.
"""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db import router, transaction

from wagtail_personalize.people.many_rows import insert_rows
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.setsql import delete_rows

from ..models import ALL, DirtyDay, Figures
from .channels import replace_channels
from .spans import Span
from .tallies import COLUMNS

_VERSION = "engagement"
_KEYS = ("content", "segment_id", "span", "start", "audience")


class Overtaken(Exception):
    """Somebody else wrote figures, or purged raw events, after this began to read."""


def version() -> int:
    """What to give to ``replace``: ask before reading anything."""
    if not versions.number_of(_VERSION):
        versions.grow(_VERSION)
    return versions.number_of(_VERSION)


def hold(seen: int | None = None) -> None:
    """Let nobody else write until this transaction ends; ``Overtaken`` if somebody did since ``seen``."""
    versions.hold(_VERSION)
    if seen not in (None, versions.number_of(_VERSION)):
        raise Overtaken
    versions.grow(_VERSION)


def replace(
    spans: Collection[Span], rows: Iterable[list[tuple[Any, ...]]], *, seen: int, settled: Collection[date] = ()
) -> int:
    """Put ``rows`` (see ``figures_row``) in place of all figures of ``spans``; returns how many there are.

    Marks of the days ``settled`` go in the same transaction.
    """
    written = 0
    with transaction.atomic(using=router.db_for_write(Figures)):
        hold(seen)
        _delete(spans)
        groups = {ALL, *Segment.objects.order_by().values_list("pk", flat=True)}
        for some in rows:
            kept = [row for row in some if row[1] in groups]
            insert_rows(Figures, [*_KEYS, *COLUMNS, "imported"], kept)
            written += len(kept)
        replace_channels(spans)
        if settled:
            delete_rows(DirtyDay.objects.filter(day__in=settled))
    return written


def figures_row(
    content: int, segment: int, span: Span, audience: int | None, numbers: tuple[int | None, ...], *, imported: bool
) -> tuple[Any, ...]:
    """A row for ``replace``, of nothing but numbers and texts."""
    return (content, segment, str(span.kind), span.start.isoformat(), audience, *numbers, imported)


def _delete(spans: Collection[Span]) -> None:
    for kind, some in groupby(sorted(spans), lambda span: span.kind):
        delete_rows(Figures.objects.filter(span=kind, start__in=[span.start for span in some]))
