"""Asking once more before a published segment changes for many people.

Without the permission ``view_members`` an editor is told that it changes and what that touches, never how much: so
every change of the rule of a live segment is asked about, and that a question is asked tells nothing.

The answer is a ticked box whose value is a keyed digest of exactly what was shown: the segment, the editor, the rule,
the lists of people and the figures. Made up, or given to something else, it counts as no answer, and the question is
asked again.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.models import LookAt

from ..impact import Impact, Shift, impact, touched
from ..list_changes import Lists
from ..models import Segment
from ..refresh import ensure_today
from ..usage import Usage
from .permissions import may_see_members

#: The name of the box in the form.
CONFIRMED = "confirmed-impact"
#: So many people are named, the others counted.
NAMED = 20


@dataclass(frozen=True)
class Question:
    """What the editor has to agree to."""

    token: str
    touched: tuple[Usage, ...]
    #: ``None`` for an editor who may not see members.
    impact: Impact | None = None
    joining: list[str] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)

    @property
    def more_joining(self) -> int:
        """How many join beside those that are named."""
        return self.impact.own.joins - len(self.joining) if self.impact else 0

    @property
    def more_leaving(self) -> int:
        return self.impact.own.leaves - len(self.leaving) if self.impact else 0

    def is_answered(self, answer: str) -> bool:
        return constant_time_compare(answer, self.token)


def question(segment: Segment, rule: Any, lists: Lists, user: Any) -> Question | None:
    """What to ask ``user`` before ``segment`` is published with this rule and these lists; ``None`` for nothing."""
    if not may_see_members(user):
        return Question(_token(segment, rule, lists, user, ()), touched([segment]))
    ensure_today()
    found = impact(segment, rule, *lists)
    if not found.is_large:
        return None
    return Question(_token(segment, rule, lists, user, (found.own, *found.others)), found.touched, found)


def with_names(asked: Question, user: Any) -> Question:
    """The question with the first names of both lists, for those who may see them; the look is logged."""
    if asked.impact is None:
        return asked
    joining, leaving = _people(asked.impact.joining), _people(asked.impact.leaving)
    if joining or leaving:
        subject = _("What changes in segment “%(name)s”") % {"name": asked.impact.own.segment.name}
        log_names_seen(user, subject, {*joining, *leaving}, LookAt.Kind.CHANGES)
    named = ([get_user_display_name(person) for person in people] for people in (joining, leaving))
    return Question(asked.token, asked.touched, asked.impact, *named)


def _people(keys: QuerySet) -> list[Any]:
    return list(get_user_model()._default_manager.filter(pk__in=list(keys[:NAMED])).order_by("pk"))


def _token(segment: Segment, rule: Any, lists: Lists, user: Any, shifts: Iterable[Shift]) -> str:
    figures = [(shift.segment.pk, shift.members, shift.joins, shift.leaves) for shift in shifts]
    shown = [segment.pk, str(user.pk), rule, *map(sorted, lists), figures]
    salt = "wagtail_personalize.segments.impact"
    return salted_hmac(salt, json.dumps(shown, sort_keys=True), algorithm="sha256").hexdigest()
