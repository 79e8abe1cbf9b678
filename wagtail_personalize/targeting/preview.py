"""Previews as everyone and as each segment that a page uses.

Wagtail previews in *modes*. Each segment that the page (its audience, what it inherits, its blocks in the draft) names
becomes a further mode of every mode the page has by itself, so any page type gets them without a change. A mode's name
carries the segment behind a separator that no site would use; the rest is the page's own mode.

A preview is always for somebody chosen here, never for the editor's own person: without a segment it is *everyone*,
somebody signed in who is in no segment.
"""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.side_panels import PreviewSidePanel
from wagtail.fields import StreamField
from wagtail.models import PreviewableMixin

from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer

from .inheritance import Inheritance
from .page_tree import page_model

SEPARATOR = "|segment:"

Modes = list[tuple[str, str]]


def modes_with_segments(obj: Any) -> Modes:
    """The object's own preview modes, each followed by one mode per segment used."""
    segments = list(segments_used(obj))
    own = list(obj.preview_modes)
    return [
        mode
        for name, label in own
        for mode in [
            (name, _everyone(label, own) if segments else label),
            *((f"{name}{SEPARATOR}{segment.uuid}", _as(segment, label, own)) for segment in segments),
        ]
    ]


def segments_used(obj: Any) -> QuerySet:
    """The segments that what is previewed names, by name: in its blocks and, for a page, in its audiences."""
    keys = {key for model, key in _block_references(obj) if model is Segment}
    return Segment.objects.filter(pk__in=keys) | Segment.objects.filter(uuid__in=_named_by_audiences(obj))


def split_mode(mode: str | None) -> tuple[str | None, Viewer]:
    """A mode's own name, and for whom it is shown. A segment that is gone shows what everyone sees."""
    name, found, uuid = (mode or "").partition(SEPARATOR)
    entry = segment_index().by_uuid.get(uuid) if found else None
    segments = Segment.objects.filter(pk=entry.id) if entry else ()
    return (name if found else mode), Viewer.in_segments(segments)


def _block_references(obj: Any) -> Iterable[tuple[type, int]]:
    for field in obj._meta.get_fields():
        if isinstance(field, StreamField):
            references = field.stream_block.extract_references(field.value_from_object(obj))
            yield from ((model, int(key)) for model, key, *_rest in references if model is Segment)


def _named_by_audiences(obj: Any) -> set[str]:
    """The UUIDs in a page's own audiences and those it inherits; a page that is not in the tree yet has none."""
    if not isinstance(obj, page_model()) or not obj.path:
        return set()
    return {uuid for clauses in Inheritance.load().at(obj.path) for clause in clauses for uuid in clause.segment_uuids}


def _everyone(label: str, own: Modes) -> str:
    return _("As everyone") if len(own) == 1 else _("%(mode)s: as everyone") % {"mode": label}


def _as(segment: Segment, label: str, own: Modes) -> str:
    if len(own) == 1:
        return _("As somebody in: %(segment)s") % {"segment": segment.name}
    return _("%(mode)s: as somebody in: %(segment)s") % {"mode": label, "segment": segment.name}


class WithSegmentModes:
    """An object as the preview panel shows it: the same in everything but its list of modes."""

    def __init__(self, obj: Any) -> None:
        self._obj = obj

    @cached_property
    def preview_modes(self) -> Modes:
        return modes_with_segments(self._obj)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._obj, name)


def attach() -> None:
    """Teach Wagtail's preview the further modes. Called once, when the app is ready."""
    _wrap_panel()
    _wrap_request()


def _wrap_panel() -> None:
    original = PreviewSidePanel.get_context_data

    @wraps(original)
    def get_context_data(self: PreviewSidePanel, parent_context: Any) -> dict[str, Any]:
        context = original(self, parent_context)
        context["object"] = WithSegmentModes(self.object)
        context["has_multiple_modes"] = len(context["object"].preview_modes) > 1
        return context

    PreviewSidePanel.get_context_data = get_context_data


def _wrap_request() -> None:
    original = PreviewableMixin.make_preview_request

    @wraps(original)
    def make_preview_request(
        self: Any, original_request: Any = None, preview_mode: Any = None, extra_request_attrs: Any = None
    ) -> Any:
        mode, viewer = split_mode(preview_mode)
        attributes = {"viewer": viewer, **(extra_request_attrs or {})}
        return original(self, original_request, mode, attributes)

    PreviewableMixin.make_preview_request = make_preview_request
