"""The form of a filter of one's own: a name, some of what one follows, some formats."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.segments.viewer import Viewer

from ..formats.models import Format
from ..subscribing.reading import followed_by
from .models import SavedFilter
from .reading import OpenFilter


class FilterForm(forms.Form):
    """Offers only what the reader follows and may see, and what the filter has already."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=SavedFilter._meta.get_field("name").max_length,
        help_text=gettext_lazy("For example: My machine hall"),
    )
    sources = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only from"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose nothing for everything that you follow."),
    )
    formats = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these formats"),
        choices=Format.choices,
        coerce=lambda text: Format(int(text)),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, viewer: Viewer, known: OpenFilter | None = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs.setdefault("initial", {"name": known.name, "sources": known.source_ids, "formats": [*known.formats]})
        super().__init__(*args, label_suffix="", **kwargs)
        offered = {one.subscription.source_id: one.shown.label for one in followed_by(viewer)}
        offered |= {pk: shown.label for pk, shown in known.sources} if known else {}
        self.fields["sources"].choices = sorted(offered.items(), key=lambda one: one[1].lower())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (self.errors or cleaned.get("sources") or cleaned.get("formats")):
            raise ValidationError(_("Choose something that you follow, or a format; else it would be all your news."))
        return cleaned
