"""The format of pages: what editors said, or what was found in the live versions; stored once for all languages."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from wagtail.log_actions import log

from wagtail_personalize.people.batches import batches
from wagtail_personalize.targeting.page_tree import page_model

from .finding import found_in, most
from .models import Format, PageFormat

LOG_ACTION = "wagtail_personalize.format"
_AT_ONCE = 200


def write(families: Iterable[UUID]) -> None:
    """Store what is found in the live pages with these translation keys; may run twice or late."""
    for some in batches(sorted(set(families)), _AT_ONCE):
        _write(some)


def refresh() -> None:
    """The same for all pages; forgets pages that are gone."""
    live = page_model()._base_manager.filter(live=True).order_by()
    write(live.values_list("translation_key", flat=True).distinct())
    gone = PageFormat.objects.exclude(translation_key__in=page_model()._base_manager.values("translation_key"))
    gone.delete()


def formats_of(families: Iterable[UUID]) -> dict[UUID, Format]:
    """By translation key; a page that is not there is a text. One query."""
    rows = PageFormat.objects.filter(translation_key__in=set(families))
    return {key: Format(number) for key, number in rows.values_list("translation_key", "format")}


def with_formats(pages: list[Any]) -> list[Any]:
    """The same pages, each with its format as ``format_shown``. One query."""
    known = formats_of(page.translation_key for page in pages) if pages else {}
    for page in pages:
        page.format_shown = known.get(page.translation_key, Format.TEXT)
    return pages


def chosen_for(page: Model) -> Format | None:
    """What an editor said of a page, in any of its languages."""
    number = PageFormat.objects.filter(translation_key=page.translation_key).values_list("chosen", flat=True).first()
    return None if number is None else Format(number)


@transaction.atomic
def choose(page: Model, chosen: Format | None, user: Any) -> bool:
    """Say what format a page is, or ``None``: what is found. Whether anything changed. Who may is for the caller."""
    from ..timeline.index import write as write_items

    if chosen_for(page) == chosen:
        return False
    found = most({found_in(one) for one in _live([page.translation_key]).specific()})
    _store({page.translation_key: (chosen, found)})
    write_items([page.translation_key])
    data = {"format": None if chosen is None else chosen.slug}
    log(instance=page, action=LOG_ACTION, user=user, data=data)
    return True


def _live(families: list[UUID]) -> QuerySet:
    return page_model().objects.filter(translation_key__in=families, live=True).order_by()


def _write(families: list[UUID]) -> None:
    found: dict[UUID, set[Format]] = defaultdict(set)
    for page in _live(families).specific():
        found[page.translation_key].add(found_in(page))
    known = {row.translation_key: row for row in PageFormat.objects.filter(translation_key__in=families)}
    changed: dict[UUID, tuple[int | None, Format]] = {}
    for family in families:
        row, now = known.get(family), most(found[family])
        if now != (row.found if row else Format.TEXT):
            changed[family] = (row.chosen if row else None, now)
    _store(changed)


@transaction.atomic
def _store(changed: dict[UUID, tuple[int | None, Format]]) -> None:
    if not changed:
        return
    PageFormat.objects.filter(translation_key__in=changed).delete()
    rows = [
        PageFormat(translation_key=key, chosen=chosen, found=found, format=found if chosen is None else chosen)
        for key, (chosen, found) in changed.items()
        if chosen is not None or found != Format.TEXT
    ]
    PageFormat.objects.bulk_create(rows, ignore_conflicts=True)
