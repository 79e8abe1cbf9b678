"""What a batch of lines would change, compared with what is stored: reads only, a fixed number of queries.

(Linked objects that the mapping asks to create are the exception: they are made here, in the batch's transaction.)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import F, Model
from django.utils.translation import gettext as _

from wagtail_personalize.people.among import Among
from wagtail_personalize.people.erasing import STAFF_NUMBER
from wagtail_personalize.privacy.erasure.marks import erased_among

from ..mapping.binding import Binding
from ..mapping.links import Link
from ..mapping.text_templates import fill
from ..models import Departure
from ..roster import Roster, RosterLine
from ..sources.contract import as_text
from ..users import holding_rights
from .comparing import compare, moves_sign_in
from .conversion import convert
from .drafts import Draft
from .linked_objects import LinkedObjects
from .managers import settle_managers
from .many_links import compare_many
from .unique_values import reject_taken_values


@dataclass
class Plan:
    """The drafts of one batch, accepted and rejected, and what is to be told about them."""

    drafts: list[Draft] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: (name of the link, key) of each linked object that was made.
    made: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    #: Keys of people whom an import made inactive and somebody else active again.
    reactivated: set[Any] = field(default_factory=set)

    @property
    def accepted(self) -> list[Draft]:
        return [draft for draft in self.drafts if not draft.problems]

    @property
    def rejected(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.problems]

    def fill(self, lines: list[RosterLine], binding: Binding, roster: Roster, *, dry_run: bool) -> None:
        """Compare these lines with the stored people."""
        self.drafts, self.notes, self.made = _drafts(lines, binding), [], set()
        for draft in self.drafts:
            _read_values(draft, binding)
        for link in binding.links:
            _follow(link, self, dry_run)
        reject_taken_values(self.drafts, roster)
        settle_managers(self.drafts, binding, roster, dry_run=dry_run)
        for link in binding.links:
            if link.target.is_many:
                compare_many(link, self.accepted)
        departed = _departed(self.accepted)
        trusted = holding_rights(draft.user.pk for draft in self.accepted if moves_sign_in(draft))
        for draft in self.accepted:
            self.notes += compare(draft, binding, departed, trusted)
        active = {draft.user.pk for draft in self.accepted if getattr(draft.user, "is_active", True)}
        self.reactivated = departed & active


def _drafts(lines: list[RosterLine], binding: Binding) -> list[Draft]:
    stored = people_by_number((line.number for line in lines), binding)
    erased = erased_among(STAFF_NUMBER, (line.number for line in lines))
    drafts = []
    for line in lines:
        profile = stored.get(line.number)
        user = getattr(profile, binding.declaration.user) if profile else None
        draft = Draft(line, user, profile, is_new=user is None, new_profile=profile is None)
        draft.erased = line.number in erased
        if draft.erased:
            draft.reject(binding.mapping.match, _("This person was erased; nothing of the line was imported."))
        elif draft.is_new and not binding.mapping.create_users:
            draft.reject(
                binding.mapping.match,
                _("No user has the staff number %(number)s, and the mapping does not create users.")
                % {"number": line.number},
            )
        drafts.append(draft)
    return drafts


def people_by_number(numbers: Iterable[str], binding: Binding) -> dict[str, Model]:
    """Staff number → profile, with its user."""
    name = binding.staff_number.name
    profiles = binding.declaration.profiles().filter(Among(F(name), list(numbers)))
    return {str(getattr(p, name)): p for p in profiles.select_related(None).select_related(binding.declaration.user)}


def _read_values(draft: Draft, binding: Binding) -> None:
    cells = draft.line.cells
    for bound in binding.columns:
        text = as_text(cells.get(bound.column, ""))
        given = bound.rule.values.get(text, text)
        if (bound.rule.only_new and not draft.is_new) or (given == "" and bound.rule.empty == "keep"):
            continue
        try:
            date_format = binding.date_formats.get(bound.column, "")
            draft.values[bound.target] = convert(given, bound.target, bound.rule, date_format)
        except ValidationError as error:
            draft.reject(bound.column, " ".join(error.messages))
    if draft.is_new and binding.mapping.login_name:
        _read_login_name(draft, binding)


def _read_login_name(draft: Draft, binding: Binding) -> None:
    template = binding.mapping.login_name
    login = get_user_model().normalize_username(fill(template, draft.line.cells))
    try:
        draft.values[binding.login_name] = binding.login_name.field.clean(login, None)
    except ValidationError as error:
        draft.reject(template, " ".join(error.messages))


def _follow(link: Link, plan: Plan, dry_run: bool) -> None:
    """Find what the lines link to."""
    drafts = [draft for draft in plan.drafts if not draft.problems and (draft.is_new or not link.rule.only_new)]
    objects = LinkedObjects(link, dry_run)
    objects.find(draft.line.cells for draft in drafts)
    for draft in drafts:
        keys = link.keys(draft.line.cells)
        if not keys and link.rule.empty == "keep":
            continue
        try:
            _point(draft, link, [objects.pointer(key) for key in keys])
        except ValidationError as error:
            draft.reject(", ".join(link.columns), " ".join(error.messages))
    plan.made |= {(link.target.name, key) for key in objects.made}


def _point(draft: Draft, link: Link, pointers: list[Any]) -> None:
    if link.target.is_many:
        draft.many[link] = set(pointers)
    elif pointers:
        draft.values[link.target] = pointers[0]
    elif link.target.field.null:
        draft.values[link.target] = None
    else:
        raise ValidationError(_("A value is needed here."))


def _departed(drafts: list[Draft]) -> set[Any]:
    """Keys of those people whom an import has made inactive, and who therefore may come back."""
    known = [draft.user.pk for draft in drafts if not draft.is_new]
    return set(Departure.objects.filter(person__in=known).values_list("person", flat=True)) if known else set()
