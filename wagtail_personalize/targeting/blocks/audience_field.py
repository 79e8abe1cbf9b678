"""The one light field in which a block keeps its audience."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import FieldBlock

from wagtail_personalize.segments.models import Segment

from ..admin.widgets import AudienceInput
from ..audience_choice import AudienceChoice
from ..choosing import refuse_unusable


class AudienceField(forms.Field):
    """The form field behind an ``AudienceBlock``. A segment that no longer exists stays chosen, and hides the block."""

    widget = AudienceInput

    def clean(self, value: Any) -> dict[str, Any] | None:
        choice = AudienceChoice.from_raw(super().clean(value) or None)
        if choice.unreadable:
            raise ValidationError(_("This audience cannot be read. Please choose it again."), code="unreadable")
        if choice.starts and choice.ends and choice.ends <= choice.starts:
            raise ValidationError(_("The end must be later than the start."), code="end_before_start")
        refuse_unusable(choice.clause.segment_uuids)
        return choice.to_raw()


class AudienceBlock(FieldBlock):
    """Who sees the block that has this field. The value is the stored form of an ``AudienceChoice``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> AudienceField:
        return AudienceField(required=False, help_text=getattr(self.meta, "help_text", ""))

    def get_default(self) -> None:
        return None

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        return list(values)

    def render(self, value: Any, context: Any = None) -> str:
        return ""

    def extract_references(self, value: Any) -> Iterator[tuple[type[Model], str, str, str]]:
        """The segments named, so that Wagtail knows where each is used."""
        choice = AudienceChoice.from_raw(value)
        for key in _keys(choice.include | choice.exclude):
            yield Segment, str(key), "", ""

    def get_translatable_segments(self, value: Any) -> list:
        """Never offered to translators: a translation is for the same people as its source."""
        return []

    def restore_translated_segments(self, value: Any, segments: list) -> Any:
        return value

    def get_comparison_class(self) -> type:
        from .comparison import AudienceComparison

        return AudienceComparison

    def deconstruct(self) -> tuple[str, list, dict]:
        """A plain block: migrations keep the value as it is and never import this package."""
        return "wagtail.blocks.Block", [], {}

    class Meta:
        icon = "group"
        label = _("Audience")
        help_text = _("Who sees this block. For confidential text use a restricted page.")


#: Keys of segments by UUID. Neither ever changes, and a page with fifty blocks should not ask fifty times.
_known_keys: dict[str, int] = {}


def _keys(uuids: Iterable[str]) -> list[int]:
    if unknown := [uuid for uuid in uuids if uuid not in _known_keys]:
        rows = Segment.objects.filter(uuid__in=unknown).values_list("uuid", "pk")
        _known_keys.update((str(uuid), key) for uuid, key in rows)
    return sorted(_known_keys[uuid] for uuid in uuids if uuid in _known_keys)
