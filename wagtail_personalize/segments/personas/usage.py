"""Which personas describe a segment: a segment that goes would leave them describing nobody."""

from collections.abc import Iterator
from contextlib import suppress

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from ..models import Persona, Segment
from ..usage import Usage


def personas_of(segment: Segment) -> Iterator[Usage]:
    """A persona may describe a draft as well, so it keeps a segment from being deleted and from nothing else."""
    for persona in Persona.objects.filter(segment=segment.pk):
        yield Usage(_("Persona"), persona.name, url=_page_about(persona), needs_live=False)


def _page_about(persona: Persona) -> str:
    with suppress(NoReverseMatch):
        return reverse("personalize_personas:edit", args=[persona.pk])
    return ""
