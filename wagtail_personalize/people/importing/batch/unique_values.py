"""Login names, e-mail addresses and whatever else may occur only once: taken ones are rejected with a reason."""

from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _

from wagtail_personalize.people.among import Among

from ..mapping.targets import Target
from ..roster import Roster
from .conversion import shown
from .drafts import Draft
from .linked_objects import WOULD_BE_MADE


def reject_taken_values(drafts: list[Draft], roster: Roster) -> None:
    """Reject lines that ask for a unique value which another person, or an earlier line, has; one query per field."""
    targets = {target for draft in drafts for target in draft.values if target.field.unique}
    for target in sorted(targets, key=lambda target: target.name):
        asking = [(draft, value) for draft in drafts if (value := _asked(draft, target)) is not None]
        owners = _owners(target, [value for _draft, value in asking])
        for draft, value in asking:
            owner, mine = owners.get(value), _own(draft, target)
            if owner is not None and owner != (mine.pk if mine else None):
                draft.reject(target.name, _("“%(value)s” belongs to somebody else already.") % {"value": shown(value)})
            elif not draft.problems:
                _claim(draft, target, value, roster)


def release_claims(draft: Draft, roster: Roster) -> None:
    """The line was rejected: another may have its values."""
    for kind, value in draft.claims:
        roster.release(kind, value)
    draft.claims.clear()


def _claim(draft: Draft, target: Target, value: Any, roster: Roster) -> None:
    kind = target.name
    first = roster.claim(kind, str(value), draft.line.line)
    if first != draft.line.line:
        draft.reject(kind, _("“%(value)s” is in line %(first)d already.") % {"value": shown(value), "first": first})
        release_claims(draft, roster)
    else:
        draft.claims.append((kind, str(value)))


def _own(draft: Draft, target: Target) -> Model | None:
    return draft.user if target.owner == "user" else draft.profile


def _asked(draft: Draft, target: Target) -> Any:
    """The value that a line wants to have and does not have yet."""
    value, own = draft.values.get(target), _own(draft, target)
    if draft.problems or value in (None, "", WOULD_BE_MADE) or (own and getattr(own, target.field.attname) == value):
        return None
    return value


def _owners(target: Target, values: list[Any]) -> dict[Any, Any]:
    """Value → key of whoever has it."""
    if not values:
        return {}
    name = target.field.attname
    manager = target.field.model._base_manager
    return dict(manager.filter(Among(F(name), values)).values_list(name, "pk"))
