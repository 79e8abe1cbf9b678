"""Where segments are used, and what that forbids.

Higher rooms register a provider, because segments must not know of pages::

    register_usage(pages_with_segment)      # called with a segment, yields Usage

A segment in use cannot be deleted, and one that restricts anything cannot become self-chosen.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Segment


@dataclass(frozen=True)
class Usage:
    """One place that names a segment."""

    #: What kind of place it is, such as "Page" or "Segment".
    kind: Any
    #: How people know it.
    title: str
    #: Where to look at it in the admin, if anywhere.
    url: str = ""
    #: Whether it decides who may see something, so that a self-chosen segment would be a hole.
    restricts: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


Provider = Callable[[Segment], Iterable[Usage]]
_providers: list[Provider] = []


class SegmentInUse(ValidationError):
    """A segment cannot be deleted or renamed; the messages say where it is used."""


def register_usage(provider: Provider) -> Provider:
    """Also ask ``provider`` where a segment is used. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def where_used(segment: Segment) -> list[Usage]:
    """Every place that names ``segment``: other segments first, then what the providers know."""
    return [*_segments_naming(segment), *_registered(segment)]


def refuse_deletion(segment: Segment, *, also_deleted: Iterable[Segment] = ()) -> None:
    """Raise ``SegmentInUse`` when something other than ``also_deleted`` segments names ``segment``."""
    usages = [*_segments_naming(segment, {other.pk for other in also_deleted}), *_registered(segment)]
    if usages:
        raise SegmentInUse(
            _("“%(name)s” is in use and cannot be deleted. Remove it first from: %(places)s.")
            % {"name": segment.name, "places": "; ".join(map(str, usages))},
            code="in_use",
        )


def refuse_taint(segments: Iterable[Segment]) -> None:
    """Raise ``ValidationError`` when one of these self-chosen segments restricts something."""
    for segment in segments:
        places = [str(usage) for usage in _registered(segment) if usage.restricts]
        if places:
            raise ValidationError(
                _(
                    "“%(name)s” would depend on what people say about themselves, but it restricts who may see"
                    " something: %(places)s. Use attributes that people cannot change themselves."
                )
                % {"name": segment.name, "places": "; ".join(places)},
                code="self_chosen",
            )


def _registered(segment: Segment) -> Iterator[Usage]:
    for provider in _providers:
        yield from provider(segment)


def _segments_naming(segment: Segment, besides: Iterable[int] = ()) -> Iterator[Usage]:
    from .naming import naming

    for other in naming(segment.slug):
        if other.pk != segment.pk and other.pk not in besides:
            yield Usage(_("Segment"), other.name)
