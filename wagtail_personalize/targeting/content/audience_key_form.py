"""The form field behind an ``AudienceKey``: chosen like a block's audience, without times."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..admin.widgets import AudienceInput
from ..audience_choice import AudienceChoice
from ..audiences import clauses_of, intern
from ..choosing import refuse_unusable
from ..models import Audience


class AudienceKeyField(forms.Field):
    """Segments included and excluded; the value is the interned audience, ``None`` for everyone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": AudienceInput(with_times=False), **kwargs, "required": False})

    def prepare_value(self, value: Any) -> Any:
        """From what is stored, or what was sent, to the form in which the control takes it."""
        if isinstance(value, Audience):
            return choice_of(value).to_raw()
        return choice_of(Audience.objects.filter(pk=value).first()).to_raw() if isinstance(value, int) else value

    def clean(self, value: Any) -> Audience | None:
        choice = AudienceChoice.from_raw(super().clean(value) or None)
        if choice.unreadable:
            raise ValidationError(_("This audience cannot be read. Please choose it again."), code="unreadable")
        refuse_unusable(choice.clause.segment_uuids)
        return None if choice.clause.is_everyone else intern([choice.clause])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return AudienceChoice.from_raw(self.prepare_value(initial)) != AudienceChoice.from_raw(data or None)


def choice_of(audience: Audience | None) -> AudienceChoice:
    """The choice behind an interned audience. One of several clauses, which no snippet makes, can not be edited."""
    clauses = list(clauses_of(audience))
    return AudienceChoice(clauses[0].include, clauses[0].exclude) if len(clauses) == 1 else AudienceChoice()
