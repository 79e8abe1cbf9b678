"""The form in which people choose what reaches them how."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..mailing.models import MailChoice
from .models import Mail
from .own_choice import Holds


class ChannelsForm(forms.Form):
    """A box and a choice for each event."""

    def __init__(self, *args: Any, holds: list[Holds], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holds = holds
        for one in holds:
            event = one.event
            self.fields[f"{event.name}-in_app"] = forms.BooleanField(
                label=gettext_lazy("In the bell"),
                required=False,
                initial=one.in_app,
                disabled=not event.may_be_muted,
                widget=forms.CheckboxInput({"aria-label": f"{event.label}: {_('in the bell')}"}),
            )
            self.fields[f"{event.name}-mail"] = forms.TypedChoiceField(
                label=gettext_lazy("By e-mail"),
                coerce=int,
                choices=Mail,
                initial=one.mail,
                widget=forms.Select({"aria-label": f"{event.label}: {_('by e-mail')}"}),
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the table."""
        return [
            {"holds": one, "in_app": self[f"{one.event.name}-in_app"], "mail": self[f"{one.event.name}-mail"]}
            for one in self.holds
        ]

    @property
    def wanted(self) -> dict[str, tuple[bool, int]]:
        """By the name of the event."""
        data = self.cleaned_data
        names = [one.event.name for one in self.holds]
        return {name: (data[f"{name}-in_app"], data[f"{name}-mail"]) for name in names}


class MailChoiceForm(forms.ModelForm):
    """When e-mails come."""

    class Meta:
        model = MailChoice
        fields = ["digest", "quiet_from", "quiet_until", "no_mail"]
        labels = {"digest": gettext_lazy("Digest of what is unread")}
        widgets = {
            "digest": forms.RadioSelect,
            "quiet_from": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and (cleaned["quiet_from"] is None) != (cleaned["quiet_until"] is None):
            raise ValidationError(_("Say from when until when it shall be quiet, or leave both empty."))
        return cleaned
