"""Old → new of what a line changes, as people read it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Field, Model
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from ..batch.drafts import Draft
from ..batch.linked_objects import WOULD_BE_MADE


def differences(drafts: list[Draft]) -> dict[int, list[dict[str, str]]]:
    """For each of these drafts of stored people, by ``id()``: what changes, with the text before and after."""
    declaration = get_declaration()
    stored = _as_stored([draft.profile for draft in drafts if not draft.new_profile], declaration)
    return {id(draft): list(_changes(draft, stored.get(draft.profile.pk), declaration)) for draft in drafts}


def _as_stored(profiles: list[Model], declaration: ProfileDeclaration) -> dict[Any, Model]:
    """The same profiles with their users, as the database has them: the drafts hold new values already."""
    fresh = declaration.profiles().filter(pk__in=[profile.pk for profile in profiles])
    return {profile.pk: profile for profile in fresh.select_related(declaration.user)}


def _changes(draft: Draft, stored: Model | None, declaration: ProfileDeclaration) -> Iterator[dict[str, str]]:
    if draft.came_back:
        yield _change(pgettext("of a person", "Account"), _("inactive"), _("active"))
    for target in draft.values:
        names = draft.user_fields if target.owner == "user" else draft.profile_fields
        if target.field.name in names:
            attribute = target.attribute or _attribute_of(target.path(declaration), declaration)
            before = _owner(stored, target.owner, declaration)
            after = draft.user if target.owner == "user" else draft.profile
            label = attribute.label if attribute else target.field.verbose_name
            yield _change(label, _shown(before, target.field, attribute), _shown(after, target.field, attribute))
    for link in draft.many_changed:
        label = link.target.attribute.label if link.target.attribute else link.target.field.verbose_name
        yield _change(label, _many(stored, link.target.field), _named(link.model, draft.many[link]))
    yield from _manager(draft, stored, declaration)


def _change(label: Any, old: str, new: str) -> dict[str, str]:
    return {"label": capfirst(str(label)), "old": old, "new": new}


def _attribute_of(path: str, declaration: ProfileDeclaration) -> Attribute | None:
    return next((attribute for attribute in declaration.attributes if attribute.path == path), None)


def _owner(stored: Model | None, owner: str, declaration: ProfileDeclaration) -> Model | None:
    return getattr(stored, declaration.user) if owner == "user" and stored else stored


def _shown(owner: Model | None, field: Field, attribute: Attribute | None) -> str:
    value = getattr(owner, field.attname, None)
    if value is WOULD_BE_MADE:
        return _("new, from the file")
    if value in (None, ""):
        return ""
    if field.is_relation:
        return _named(field.related_model, {value}, field.target_field.attname)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return formats.date_format(
            value, "MONTH_DAY_FORMAT" if getattr(attribute, "yearless", False) else "DATE_FORMAT"
        )
    return str(value)


def _named(model: type[Model], pointers: set[Any], name: str = "pk") -> str:
    """What these are called."""
    known = {pointer for pointer in pointers if pointer is not WOULD_BE_MADE}
    found = sorted(str(each) for each in model._default_manager.filter(**{f"{name}__in": known}))
    made = [_("new, from the file")] * (len(pointers) - len(known))
    return ", ".join([*found, *made])


def _many(stored: Model | None, field: Field) -> str:
    return ", ".join(sorted(str(each) for each in getattr(stored, field.name).all())) if stored else ""


def _manager(draft: Draft, stored: Model | None, declaration: ProfileDeclaration) -> Iterator[dict[str, str]]:
    if not declaration.manager or declaration.manager not in draft.profile_fields:
        return
    field = declaration.profile_model._meta.get_field(declaration.manager)
    boss = draft.manager_draft
    new = boss.line.number if boss else _shown(draft.profile, field, None)
    yield _change(_("Manager"), _shown(stored, field, None), new)
