"""The form behind the audience of a page."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.segments.models import Segment

from ..audience_choice import AudienceChoice
from ..audiences import refuse_restriction
from ..blocks.audience_field import AudienceField
from ..choosing import choosing
from ..clauses import Clause
from .widgets import AudienceInput


class PageAudienceForm(forms.Form):
    """Recommended to and restricted to. Empty means everyone."""

    recommend = AudienceField(
        label=_("Recommended to"),
        required=False,
        widget=AudienceInput(with_times=False),
        help_text=_("These people see the page first in lists and on their start page. Everybody may still open it."),
    )
    restrict = AudienceField(
        label=_("Restricted to"),
        required=False,
        widget=AudienceInput(with_times=False),
        help_text=_(
            "Only these people may open the page and everything below it, in all languages. For all others it does not"
            " exist. This takes effect at once, without publishing."
        ),
    )

    def __init__(self, *args: Any, user: Any, may_restrict: bool, chosen: Collection[str] = (), **kwargs: Any) -> None:
        """``chosen`` are the UUIDs of segments that the page has already: they may stay."""
        super().__init__(*args, **kwargs)
        self.user, self.chosen = user, chosen
        self.fields["restrict"].disabled = not may_restrict
        self.may_restrict = may_restrict

    def full_clean(self) -> None:
        with choosing(self.user, lambda: self.chosen):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """A form of which a part was lost must not open a page to everyone."""
        for name in ("recommend", "restrict"):
            field, sent = self.fields.get(name), (self.data, self.files, self.add_prefix(name))
            if field and not field.disabled and field.widget.value_omitted_from_data(*sent):
                self.add_error(name, _("This audience cannot be read. Please choose it again."))
        return super().clean()

    def clean_restrict(self) -> Any:
        raw = self.cleaned_data["restrict"]
        named = AudienceChoice.from_raw(raw).clause.segment_uuids
        if self.may_restrict and (sentences := refuse_restriction(Segment.objects.filter(uuid__in=named))):
            raise ValidationError(sentences)
        return raw

    def clause(self, name: str) -> Clause | None:
        """What was chosen for ``recommend`` or ``restrict``; ``None`` for everyone."""
        clause = AudienceChoice.from_raw(self.cleaned_data[name]).clause
        return None if clause.is_everyone else clause


class CollectionAudienceForm(PageAudienceForm):
    """Who may have the documents and images of a collection. Empty means everyone."""

    recommend = None
    restrict = AudienceField(
        label=_("Restricted to"),
        required=False,
        widget=AudienceInput(with_times=False),
        help_text=_(
            "Only these people get the documents and images of this collection and of all collections below it. For all"
            " others they do not exist. This takes effect at once."
        ),
    )
