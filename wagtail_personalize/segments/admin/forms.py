"""The form of a segment: what it is called, its rule, and the lists of people beside the rule."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from ..list_changes import Lists, difference, lists_of
from ..models import Segment
from .builder.fields import RuleField
from .builder.picker import PickerField
from .manual_lists import too_many_to_edit
from .permissions import may_see_members

INCLUDED, EXCLUDED = "always_included", "always_excluded"


class SegmentForm(WagtailAdminModelForm):
    """Adds the rule builder, and for those who may see members the lists of people.

    A draft may be unfinished: nobody is in it, so its rule has to make sense only when it is published.
    """

    always_included = PickerField("person", existing=True, label=gettext_lazy("Always in this segment"))
    always_excluded = PickerField("person", existing=True, label=gettext_lazy("Never in this segment"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stored = self.instance.pk is not None
        self.rule_before = self.instance.rule if stored else None
        if "rule" in self.fields:
            self.fields["rule"] = RuleField(
                self.for_user,
                stored=self.rule_before,
                slug=self.instance.slug if stored else "",
                label=self.fields["rule"].label,
            )
        if "slug" in self.fields:
            self.fields["slug"].required = False
        self._set_up_lists(stored)

    def _set_up_lists(self, stored: bool) -> None:
        if not may_see_members(self.for_user) or (stored and too_many_to_edit(self.instance)):
            self.fields.pop(INCLUDED, None)
            self.fields.pop(EXCLUDED, None)
        elif stored:
            self.initial[INCLUDED], self.initial[EXCLUDED] = lists_of(self.instance)

    def lists(self) -> Lists:
        """The keys of the people always included and always excluded, as this form leaves them."""
        if INCLUDED in self.fields:
            return self.cleaned_data[INCLUDED], self.cleaned_data[EXCLUDED]
        return lists_of(self.instance)

    def named_people(self) -> list[Any]:
        """The keys of the people whose names the form shows as stored; none for those who may not see members."""
        if INCLUDED not in self.fields:
            return []
        return [*self.initial.get(INCLUDED, []), *self.initial.get(EXCLUDED, [])]

    def clean_slug(self) -> str:
        """Editors need not think of a short name: without one it follows from the name."""
        return self.cleaned_data.get("slug") or _free_slug(self.cleaned_data.get("name", ""), self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if set(cleaned.get(INCLUDED) or ()) & set(cleaned.get(EXCLUDED) or ()):
            self.add_error(EXCLUDED, ValidationError(_("Nobody can be on both lists.")))
        return cleaned

    def defer_required_fields(self) -> None:
        super().defer_required_fields()
        self.instance.may_be_unfinished = True

    def restore_required_fields(self) -> None:
        super().restore_required_fields()
        self.instance.may_be_unfinished = False

    def save(self, commit: bool = True) -> Segment:
        """The lists of people travel with the version and are written when it is saved for good."""
        if INCLUDED in self.fields:
            self.instance.list_changes = difference(self.instance, *self.lists())
        return super().save(commit)


def _free_slug(name: str, segment: Segment) -> str:
    """A short name made of ``name`` that no other segment has."""
    base = slugify(name, allow_unicode=True)[:140] or "segment"
    others = Segment.objects.exclude(pk=segment.pk).filter(slug__startswith=base)
    taken = set(others.values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)
