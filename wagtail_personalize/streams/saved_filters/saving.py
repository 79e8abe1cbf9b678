"""Saving and forgetting filters of one's own."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..formats.models import Format
from ..sources.models import Source
from .models import SavedFilter

MOST = 12
MOST_SOURCES = 50


class TooMany(ValueError):
    """Somebody has as many filters as they may have; the message says so."""


@transaction.atomic
def save_filter(
    person_id: Any, name: str, source_ids: Collection[int], formats: Collection[Format], pk: int | None = None
) -> SavedFilter | None:
    """Make a filter, or change the own one called ``pk``; ``None`` if there is none such."""
    own = SavedFilter.objects.filter(person=person_id)
    if pk is None and own.count() >= MOST:
        raise TooMany(_("You have %(number)d filters already. Delete one first.") % {"number": MOST})
    saved = SavedFilter(person_id=person_id) if pk is None else own.filter(pk=pk).first()
    if saved is None:
        return None
    saved.name, saved.by_sources = name, bool(source_ids)
    saved.formats = sorted(one.value for one in formats)
    saved.save()
    saved.sources.set(Source.objects.filter(pk__in=list(source_ids)[:MOST_SOURCES]))
    return saved


def forget_filter(person_id: Any, pk: int) -> bool:
    """Whether there was such a filter of one's own."""
    return bool(SavedFilter.objects.filter(person=person_id, pk=pk).delete()[0])


def with_segment(segment: Any) -> Any:
    """Where ready filters name a segment, for whoever wants to delete it."""
    from django.utils.translation import gettext

    from wagtail_personalize.segments.usage import Usage

    for saved in SavedFilter.objects.filter(segment=segment.pk, person=None):
        yield Usage(gettext("Ready filter"), saved.name, needs_live=False)
