"""The form of a journey and of its stages: what would mean nothing is refused, with the stage that has it."""

from collections import Counter
from collections.abc import Container, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_personalize.people.attributes import Attribute, Date, YesNo
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folding import fold

from .models import Event, Journey, Stage
from .usage import segments_asking
from .watched import is_watchable

#: Days to either side of the hire date.
MOST_DAYS = 36_500
#: The kinds of attribute in which an event can be seen; moves and promotions show in any.
_KINDS = {Event.BACK: (Date, YesNo), Event.LEAVING: (Date, YesNo)}


def usable_attributes(*kinds: type[Attribute]) -> list[Attribute]:
    """Those with one value that people do not keep themselves."""
    declaration = get_declaration()
    return [
        one
        for one in (declaration.attributes if declaration else [])
        if one.source != "self"
        and not getattr(one, "yearless", False)
        and is_watchable(one)
        and (not kinds or isinstance(one, kinds))
    ]


class StageForm(WagtailAdminModelForm):
    """Days or an event, and for an event the attributes in which it is seen."""

    attributes = forms.MultipleChoiceField(
        label=gettext_lazy("Seen in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "attributes" in self.fields:
            self.fields["attributes"].choices = [(one.name, one.label) for one in usable_attributes()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        event, day = cleaned.get("event"), cleaned.get("from_day")
        if bool(event) == (day is not None) and "from_day" not in self.errors:
            self.add_error("from_day", _("Give either a day or an event."))
        elif day is not None and abs(day) > MOST_DAYS:
            self.add_error("from_day", _("The number is too large: at most %(number)d.") % {"number": MOST_DAYS})
        elif event:
            self._clean_event(event, cleaned)
        return cleaned

    def _clean_event(self, event: str, cleaned: dict[str, Any]) -> None:
        declared = [get_declaration().get(name) for name in cleaned.get("attributes") or []]
        if not declared:
            self.add_error("attributes", _("Choose the attribute in which the event is seen."))
        elif wrong := [one for one in declared if not isinstance(one, _KINDS.get(event, Attribute))]:
            told = {"names": ", ".join(str(one.label) for one in wrong)}
            self.add_error("attributes", _("Choose dates or yes/no for this event, not %(names)s.") % told)
        elif not cleaned.get("days") and not (
            event == Event.LEAVING and not any(isinstance(o, Date) for o in declared)
        ):
            self.add_error("days", _("For how many days does the event last?"))


def _lasts_by_itself(event: str, attributes: list[Attribute]) -> bool:
    """Leaving by a yes/no lasts as long as it is yes."""
    return event == Event.LEAVING and not any(isinstance(one, Date) for one in attributes)


def free_slug(name: str, otherwise: str, taken: Container[str]) -> str:
    """A short name that is not taken; ``otherwise`` is for names without any Latin letter."""
    wanted, number = slugify(name)[:50] or otherwise, 1
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _name_shortly(stages: Iterable[Stage]) -> None:
    """Stages that are stored keep their short names, also those that are about to go."""
    stages = list(stages)
    taken = {stage.slug for stage in stages if stage.pk}
    for stage in (stage for stage in stages if not stage.pk):
        stage.slug = free_slug(stage.name, "stage", taken)
        taken.add(stage.slug)


class JourneyForm(WagtailAdminModelForm):
    """The hire date is a date of HR or the administration; stages that rules name stay."""

    hire_date = forms.ChoiceField(label=gettext_lazy("Hire date"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["hire_date"].choices = [(one.name, one.label) for one in usable_attributes(Date)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        taken = set(Journey.objects.exclude(pk=self.instance.pk).values_list("slug", flat=True))
        self.instance.slug = self.instance.slug or free_slug(cleaned.get("name", ""), "journey", taken)
        return cleaned

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        for sentence in self._problems():
            self.add_error(None, ValidationError(sentence))
        return not self.errors

    def _problems(self) -> list[str]:
        forms_ = self.formsets["stages"].forms if "stages" in self.formsets else []
        kept = [one for one in forms_ if one.has_changed() or one.instance.pk]
        gone = [one for one in kept if one.cleaned_data.get("DELETE")]
        stages = [one.instance for one in kept if one not in gone]
        _name_shortly(one.instance for one in kept)
        found = []
        if any(number > 1 for number in Counter(fold(one.name) for one in stages).values()):
            found.append(_("Two stages have the same name."))
        if any(number > 1 for number in Counter(one.from_day for one in stages if not one.event).values()):
            found.append(_("Two stages begin on the same day."))
        lost = [f"{self.instance.slug}/{one.instance.slug}" for one in gone if one.instance.pk]
        if asking := segments_asking(lost):
            told = {"names": ", ".join(f"“{segment.name}”" for segment in asking)}
            found.append(_("A stage cannot be removed while segments ask for it: %(names)s.") % told)
        return found
