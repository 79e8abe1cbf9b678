"""The column in which a snippet keeps its audience: a foreign key to the interned ``Audience``, chosen like a block's.

One plain number, so a listing of any length is filtered by ``audience_id IN (…)``. Models load before anything else of
this room, so what it needs of the room is imported where it is used.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


class AudienceKey(models.ForeignKey):
    """Add it to a model by inheriting ``TargetedMixin``. In migrations it is a plain foreign key."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "to": "personalize_targeting.Audience",
            "on_delete": models.PROTECT,
            "null": True,
            "blank": True,
            "related_name": "+",
            "verbose_name": _("audience"),
            "help_text": _("Who sees this; without a choice, everyone. For confidential text use a restricted page."),
        }
        super().__init__(**{**given, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field:
        from .audience_key_form import AudienceKeyField

        return AudienceKeyField(label=self.verbose_name.capitalize(), help_text=self.help_text)

    def named_by(self, key: Any) -> Iterable[str]:
        """The UUIDs of the segments that a stored value names: they may be chosen again by whoever edits it."""
        from ..models import Audience
        from .audience_key_form import choice_of

        return choice_of(Audience.objects.filter(pk=key).first()).clause.segment_uuids if key else ()


class AudiencePanel(FieldPanel):
    """The panel of an ``AudienceKey``; comparisons of versions show it as a sentence."""

    def __init__(self, field_name: str = "audience", **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)

    def get_comparison_class(self) -> type:
        from .comparison import AudienceKeyComparison

        return AudienceKeyComparison
