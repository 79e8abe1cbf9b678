"""The forms in which editors subscribe people automatically."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminPageChooser

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rights import usable_by
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model

from ..automatic.models import Grace, Mode
from ..automatic.rules import may_make_mandatory
from ..hashtag_stream import hashtag_for
from ..sources.finding import Name, name_of
from ..sources.pages import LEAST_DEPTH


class RuleForm(forms.Form):
    """What a rule does, and what happens when somebody leaves the segment."""

    mode = forms.TypedChoiceField(
        label=gettext_lazy("For these people"), coerce=int, choices=Mode, widget=forms.RadioSelect
    )
    grace_days = forms.TypedChoiceField(
        label=gettext_lazy("When somebody leaves the segment, the subscription ends"), coerce=int, choices=Grace
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        modes = [mode for mode in Mode if mode != Mode.MANDATORY or may_make_mandatory(user)]
        self.fields["mode"].choices = [(mode.value, _MODES[mode]) for mode in modes]


_MODES = {
    Mode.OFF: gettext_lazy("Off"),
    Mode.SUGGESTED: gettext_lazy("Suggested: it is offered to them"),
    Mode.ON: gettext_lazy("On: they follow it and may leave"),
    Mode.MANDATORY: gettext_lazy("Mandatory: they follow it and cannot leave or mute it"),
}


class AddToSourceForm(RuleForm):
    """At a page: which segment."""

    segment = forms.ModelChoiceField(Segment.objects.none(), label=gettext_lazy("People in"))
    field_order = ["segment", "mode", "grace_days"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["mode"].choices = self.fields["mode"].choices[1:]
        self.fields["mode"].initial = Mode.ON.value
        self.fields["segment"].queryset = usable_by(user).order_by("name")


class AddToSegmentForm(RuleForm):
    """At a segment: a page or a hashtag."""

    page = forms.ModelChoiceField(
        page_model().objects.filter(depth__gte=LEAST_DEPTH),
        label=gettext_lazy("Page"),
        required=False,
        widget=AdminPageChooser,
        help_text=gettext_lazy("It stands for itself and everything below it."),
    )
    hashtag = forms.CharField(label=gettext_lazy("or hashtag"), required=False, max_length=65)
    field_order = ["page", "hashtag", "mode", "grace_days"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["mode"].choices = self.fields["mode"].choices[1:]
        self.fields["mode"].initial = Mode.ON.value

    def clean_page(self) -> Any:
        page = self.cleaned_data["page"]
        if page is not None and not page.permissions_for_user(self.user).can_publish():
            raise ValidationError(_("You may subscribe people only to pages that you may publish."))
        return page

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        page, typed = cleaned.get("page"), cleaned.get("hashtag")
        if not self.errors and bool(page) == bool(typed):
            raise ValidationError(_("Choose a page or write a hashtag; one of them, not both."))
        if typed and (hashtag := hashtag_for(typed, Viewer.for_person(self.user))) is None:
            self.add_error("hashtag", _("There is no such hashtag."))
        elif typed:
            cleaned["hashtag"] = hashtag
        return cleaned

    @property
    def source_name(self) -> Name:
        return name_of(self.cleaned_data["page"] or self.cleaned_data["hashtag"])
