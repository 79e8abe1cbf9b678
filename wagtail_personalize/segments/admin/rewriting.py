"""Asking before a form about something else, a journey or a series, rewrites published segments.

The same holds as for an edit of the segments themselves: it needs the permission to publish, and what changes many
memberships is asked about once more. The answer is a keyed digest of the editor, of what was sent, and of what was
shown (see ``confirming.py``).
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms import ModelForm
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from ..impact import Shift, touched
from ..log_entries import told_elsewhere
from ..models import Segment
from ..new_day import ensure_today
from ..usage import Usage
from .confirming import CONFIRMED
from .permissions import may_publish, may_see_members

#: So many segments are compared and named, the others counted.
MOST_COMPARED = 50


@dataclass(frozen=True)
class Rewriting:
    """What the editor has to agree to."""

    token: str
    #: Those whose members change; for an editor who may not see members, those whose members may.
    shifts: tuple[Shift, ...]
    more: int
    #: Whether the editor may see how many join and leave.
    exact: bool
    touched: tuple[Usage, ...]

    def is_answered(self, answer: str) -> bool:
        return constant_time_compare(answer, self.token)


def rewriting(shifts: Collection[Shift], sent: Any, user: Any) -> Rewriting | None:
    """What to ask ``user`` who sent ``sent``, from which these ``shifts`` follow; ``None`` for nothing."""
    exact, first = may_see_members(user), list(shifts)[:MOST_COMPARED]
    more = len(shifts) - len(first)
    if exact:
        ensure_today()
        first = [shift for shift in first if shift.is_change]
    places = touched([shift.segment for shift in first])
    large = [shift for shift in first if not exact or (shift.is_large and (shift.members or places))]
    if not large and not more:
        return None
    figures = [(one.segment.pk, *((one.members, one.joins, one.leaves) if exact else ())) for one in first]
    return Rewriting(_token(user, sent, figures, more), tuple(first), more, exact, places)


def _token(user: Any, *shown: Any) -> str:
    text = json.dumps([str(user.pk), *shown], sort_keys=True, default=str)
    return salted_hmac("wagtail_personalize.segments.rewriting", text, algorithm="sha256").hexdigest()


class AsksBeforeRewriting:
    """For the views that add and change what published segments are made of."""

    rewriting: Rewriting | None = None

    def rewritten(self, form: ModelForm) -> list[Segment]:
        """The live segments that would be another one when ``form`` is saved."""
        raise NotImplementedError

    def shifts(self, form: ModelForm) -> Collection[Shift]:
        """What would happen to those whose members may change."""
        raise NotImplementedError

    def sent(self, form: ModelForm) -> Any:
        """What the figures follow from, as JSON."""
        raise NotImplementedError

    def log_rewritten(self, form: ModelForm, segments: list[Segment]) -> None:
        """Tell in the history of these segments what happens to them, unless saving does."""

    def form_valid(self, form: ModelForm) -> HttpResponse:
        segments = self.rewritten(form)
        if segments and not may_publish(self.request.user):
            names = ", ".join(f"“{segment.name}”" for segment in segments[:MOST_COMPARED])
            form.add_error(
                None,
                _("This changes published segments. Only who may publish may do it: %(names)s.") % {"names": names},
            )
            return self._refuse(form, self.get_error_message())
        asked = (
            rewriting(self.shifts(form), [form.instance.pk, self.sent(form)], self.request.user) if segments else None
        )
        if asked is None or asked.is_answered(self.request.POST.get(CONFIRMED, "")):
            with transaction.atomic(), told_elsewhere():
                self.log_rewritten(form, segments)
                return super().form_valid(form)
        self.rewriting = asked
        return self._refuse(
            form, _("Nothing was saved yet. Please look at what this changes, and confirm it."), "unconfirmed"
        )

    def _refuse(self, form: ModelForm, sentence: str, code: str = "validation_error") -> HttpResponse:
        self.produced_error_code, self.produced_error_message = code, sentence
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"rewriting": self.rewriting, "confirmed_name": CONFIRMED}
