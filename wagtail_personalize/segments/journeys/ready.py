"""The usual stages, ready to be made for a site's own attributes."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .models import Event, Journey, Stage


def make_journey(
    name: str,
    hire_date: str,
    *,
    moved: Sequence[str] = (),
    promoted: Sequence[str] = (),
    back: Sequence[str] = (),
    leaving: Sequence[str] = (),
) -> Journey:
    """The journey with this name; if it is new, with the usual stages over these declared attributes."""
    if known := Journey.objects.filter(slug=slugify(name)).first():
        return known
    journey = Journey(name=name, slug=slugify(name), hire_date=hire_date)
    events = [
        Stage(name=label, slug=slug, event=event, attributes=list(attributes), days=days)
        for label, slug, event, attributes, days in (
            (_("Leaving"), "leaving", Event.LEAVING, leaving, 30),
            (_("Back from leave"), "back-from-leave", Event.BACK, back, 30),
            (pgettext("in a journey", "Moved"), "moved", Event.MOVED, moved, 30),
            (_("Promoted"), "promoted", Event.PROMOTED, promoted, 30),
        )
        if attributes
    ]
    journey.stages = [*_usual_days(), *events]
    for number, stage in enumerate(journey.stages.all()):
        stage.sort_order = number
    with transaction.atomic():
        journey.save()
    return journey


def _usual_days() -> list[Stage]:
    days = [
        (_("Before the first day"), "before-the-first-day", -30),
        (_("Day 1"), "day-1", 0),
        (_("First week"), "first-week", 1),
        (_("First 90 days"), "first-90-days", 7),
        (_("First year"), "first-year", 90),
        (_("Veteran"), "veteran", 365),
    ]
    return [Stage(name=name, slug=slug, from_day=day) for name, slug, day in days]
