"""Lists of people as a file: fetched a thousand at a time, and each thousand logged before it leaves the house.

Which people, and in which order, is asked once, so the file has everybody once however long it takes. What a row says
is in the language of whoever exports, also when the answer is on its way already.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from wagtail_personalize.people.batches import batches
from wagtail_personalize.privacy.audit import NamesSeen


def rows_of(queryset: QuerySet, make: Callable[[list[Any]], Iterable[Any]]) -> Iterator[Any]:
    """What ``make`` makes of each thousand objects, in the order of ``queryset``."""
    return _rows_of(queryset, make, translation.get_language())


def _rows_of(queryset: QuerySet, make: Callable[[list[Any]], Iterable[Any]], language: str | None) -> Iterator[Any]:
    for keys in batches(list(queryset.values_list("pk", flat=True))):
        with translation.override(language):
            found = {each.pk: each for each in queryset.order_by().filter(pk__in=keys)}
            rows = list(make([found[key] for key in keys if key in found]))
        yield from rows


def logged(seen: NamesSeen, rows: Callable[[list[Any]], Iterable[Any]], key: str) -> Callable[[list[Any]], Any]:
    """``rows``, with the people whom each object names (its attribute ``key``) in the log first."""

    def make(objects: list[Any]) -> Iterable[Any]:
        seen.add(dict.fromkeys(getattr(each, key) for each in objects))
        return rows(objects)

    return make
