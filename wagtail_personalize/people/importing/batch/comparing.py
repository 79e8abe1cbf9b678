"""What a line changes about a person, set on the objects but not yet written."""

from secrets import token_urlsafe
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils.translation import gettext as _

from ..mapping.binding import Binding
from .drafts import Draft


def compare(draft: Draft, binding: Binding, departed: set[Any], trusted: set[Any]) -> list[str]:
    """Put what differs onto the user and the profile, remember which fields; returns what is to be told.

    How somebody of the ``trusted`` signs in stays as it is.
    """
    if draft.is_new:
        _make_person(draft, binding)
    return _compare_values(draft, trusted) + _compare_manager(draft, binding) + _compare_activity(draft, departed)


def _make_person(draft: Draft, binding: Binding) -> None:
    """Somebody new: nobody can sign in with a password that nobody has (drawn at once, not letter by letter)."""
    draft.user = get_user_model()()
    draft.user.password = f"{UNUSABLE_PASSWORD_PREFIX}{token_urlsafe(30)}"
    if draft.line.leaving:
        draft.user.is_active = False
    if not draft.new_profile:
        return
    number = binding.staff_number
    draft.profile = binding.declaration.profile_model(**{number.name: number.to_python(draft.line.number)})


def moves_sign_in(draft: Draft) -> bool:
    """Would this line change how somebody signs in who can sign in already?"""
    return not draft.is_new and any(
        target.is_sign_in and not _same(getattr(draft.user, target.field.attname), value)
        for target, value in draft.values.items()
    )


def _compare_values(draft: Draft, trusted: set[Any]) -> list[str]:
    notes = []
    kept = draft.protected or draft.user.pk in trusted
    for target, value in draft.values.items():
        owner = draft.user if target.owner == "user" else draft.profile
        if _same(getattr(owner, target.field.attname), value):
            continue
        if kept and target.is_sign_in:
            notes.append(
                _kept_sign_in(draft)
                % {"line": draft.line.line, "person": draft.user, "field": target.field.verbose_name}
            )
            continue
        setattr(owner, target.field.attname, value)
        (draft.user_fields if target.owner == "user" else draft.profile_fields).add(target.field.name)
    return notes


def _kept_sign_in(draft: Draft) -> str:
    if draft.protected:
        return _("Line %(line)d: %(person)s is staff or superuser; their %(field)s stays as it is.")
    return _("Line %(line)d: %(person)s holds permissions on this site; their %(field)s stays as it is.")


def _same(old: Any, new: Any) -> bool:
    """Equal, or both nothing."""
    return old == new or (old in (None, "") and new in (None, ""))


def _compare_manager(draft: Draft, binding: Binding) -> list[str]:
    rule = binding.mapping.manager
    if not rule or rule.column not in draft.line.cells:
        return []
    if draft.manager_rejected:
        sentence = _("Line %(line)d: the line of the manager %(number)s was rejected, so the manager stays as it is.")
        return [sentence % {"line": draft.line.line, "number": draft.line.manager}]
    field = binding.manager
    if draft.manager_draft is None:
        if getattr(draft.profile, field.attname) == draft.manager:
            return []
        setattr(draft.profile, field.attname, draft.manager)
    draft.profile_fields.add(field.name)
    return []


def _compare_activity(draft: Draft, departed: set[Any]) -> list[str]:
    """Who leaves becomes inactive and who comes back active, except staff, superusers and people locked out."""
    user, leaving = draft.user, draft.line.leaving
    if draft.is_new:
        draft.left = leaving
        return []
    if leaving != getattr(user, "is_active", True):
        return []
    place = {"line": draft.line.line, "person": user}
    if leaving and draft.protected:
        return [_("Line %(line)d: %(person)s left but is staff or superuser, and stays active.") % place]
    if not leaving and (draft.protected or user.pk not in departed):
        return [_("Line %(line)d: %(person)s was made inactive by somebody, not by an import, and stays so.") % place]
    draft.left, draft.came_back = leaving, not leaving
    return []
