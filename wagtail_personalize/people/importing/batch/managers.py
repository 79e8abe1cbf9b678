"""Who manages whom, by staff number: managers already stored, new in this batch, or accepted earlier in a dry run."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from wagtail_personalize.people.among import Among

from ..mapping.binding import Binding
from ..roster import Roster
from .drafts import Draft
from .linked_objects import WOULD_BE_MADE
from .unique_values import release_claims

#: The kind of claim by which a dry run remembers whom it would have created.
NEW_PERSON = "new person"


def settle_managers(drafts: list[Draft], binding: Binding, roster: Roster, *, dry_run: bool) -> None:
    """Find each line's manager; rejects lines whose manager nobody knows, unless the mapping says otherwise.

    A manager whose own line is rejected does not take their people down with them: these keep the manager they have.
    """
    rule = binding.mapping.manager
    if rule and any(rule.column in draft.line.cells for draft in drafts):
        stored = _stored_managers(drafts, binding)
        unsettled = True
        while unsettled:
            new = {draft.line.number: draft for draft in drafts if draft.is_new and not draft.problems}
            known = _Known(stored, new, roster if dry_run else None)
            rejected = [draft for draft in drafts if not draft.problems and _settle(draft, known, binding, roster)]
            unsettled = bool(rejected)
    if dry_run:
        for draft in drafts:
            if draft.is_new and not draft.problems:
                roster.claim(NEW_PERSON, draft.line.number, draft.line.line)
                draft.claims.append((NEW_PERSON, draft.line.number))


class _Known:
    """Everybody who can be a manager now."""

    def __init__(self, stored: dict[str, Any], new: dict[str, Draft], roster: Roster | None) -> None:
        self.stored = stored
        self.new = new
        self._roster = roster

    def would_exist(self, number: str) -> bool:
        return self._roster is not None and self._roster.is_claimed(NEW_PERSON, number)


def _settle(draft: Draft, known: _Known, binding: Binding, roster: Roster) -> bool:
    """Set the manager of one draft; true when that rejected it, so that others may have lost theirs."""
    number = draft.line.manager
    draft.manager, draft.manager_draft = known.stored.get(number), known.new.get(number)
    if not number or number in known.stored or number in known.new or binding.mapping.manager.unknown == "empty":
        return False
    if known.would_exist(number):
        draft.manager = WOULD_BE_MADE
        return False
    if roster.named([number]):
        draft.manager_rejected = True
        return False
    reason = _("Nobody has the staff number %(number)s of the manager.") % {"number": number}
    draft.reject(binding.mapping.manager.column, reason)
    release_claims(draft, roster)
    return True


def _stored_managers(drafts: list[Draft], binding: Binding) -> dict[str, Any]:
    """Staff number → what the manager field holds for that person."""
    numbers = {draft.line.manager for draft in drafts} - {""}
    if not numbers:
        return {}
    name = binding.staff_number.name
    profiles = binding.declaration.profiles().filter(Among(F(name), list(numbers)))
    rows = profiles.values_list(name, binding.manager_pointer)
    return {text: pointer for number, pointer in rows if (text := str(number)) in numbers and pointer is not None}
