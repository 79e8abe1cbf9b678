"""Where segments are used, and what that forbids.

Higher rooms register a provider, because segments must not know of pages::

    register_usage(pages_with_segment)      # called with a segment, yields Usage

A segment in use cannot be deleted or become a draft again, and one that restricts anything cannot become self-chosen.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
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
    #: Whether a draft would leave it empty. What only describes the segment does not mind.
    needs_live: bool = True

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


Provider = Callable[[Segment], Iterable[Usage]]
_providers: list[Provider] = []


class SegmentInUse(ValidationError):
    """A segment cannot be deleted, unpublished or renamed; the messages say where it is used."""


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


def refuse_unpublishing(segment: Segment, besides: Iterable[int] = ()) -> None:
    """Raise ``SegmentInUse`` when something names ``segment``: as a draft it would be empty there.

    Segments with the ids ``besides`` do not count.
    """
    if usages := [usage for usage in [*_segments_naming(segment, besides), *_registered(segment)] if usage.needs_live]:
        raise SegmentInUse(
            _("“%(name)s” is in use and cannot become a draft. Remove it first from: %(places)s.")
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
    for other in segments_naming(segment.slug):
        if other.pk != segment.pk and other.pk not in besides:
            yield Usage(_("Segment"), other.name, url=_page_about(other))


def _page_about(segment: Segment) -> str:
    """Where editors read about it, if the site has the admin."""
    with suppress(NoReverseMatch):
        return reverse("personalize_segments:inspect", args=[segment.pk])
    return ""


def segments_naming(slug: str) -> list[Segment]:
    """The segments whose rule names ``slug``, in the version that holds or in the latest draft."""
    from .naming import naming
    from .rules.dependencies import segments_named

    found = naming(slug)
    drafts = Segment.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    drafts = drafts.exclude(pk__in=[segment.pk for segment in found]).select_related("latest_revision")
    return found + [draft for draft in drafts if slug in segments_named(_rule_of(draft.latest_revision.content))]


def _rule_of(content: dict[str, Any]) -> Any:
    """The rule in a stored version, where JSON fields stand as text."""
    rule = content.get("rule")
    try:
        return json.loads(rule) if isinstance(rule, str) else rule
    except ValueError:
        return None
