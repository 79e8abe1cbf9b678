"""Noting that values come from this import: one row for somebody new, one for each value that changes later."""

from collections.abc import Iterable

from wagtail_personalize.people.attributes import REPORTING_LINE
from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.origins.models import ValueOrigin
from wagtail_personalize.people.origins.writing import EVERYTHING, note, note_new_people, recorded_names

from ..models import ImportRun
from .drafts import Draft


def write_origins(drafts: Iterable[Draft], declaration: ProfileDeclaration, run: ImportRun) -> None:
    """At most two statements, and none for people of whom nothing changes."""
    source = ValueOrigin.Source.IMPORT
    recorded = recorded_names()
    note_new_people([draft.user.pk for draft in drafts if draft.is_new], source, run)
    known = [draft for draft in drafts if not draft.is_new]
    values = {(draft.user.pk, EVERYTHING) for draft in known if draft.new_profile}
    values |= {
        (draft.user.pk, name)
        for draft in known
        if not draft.new_profile
        for name in attributes_written([draft], declaration) & recorded
    }
    note(sorted(values), source, run)


def attributes_written(drafts: Iterable[Draft], declaration: ProfileDeclaration) -> set[str]:
    """The declared attributes that read one of the fields that were written, and the reporting line."""
    paths = {f"{declaration.user}__{name}" for draft in drafts for name in draft.user_fields}
    paths |= {name for draft in drafts for name in draft.profile_fields}
    paths |= {link.target.field.name for draft in drafts for link in draft.many_changed}
    names = {
        attribute.name
        for attribute in declaration.attributes
        if any(f"{attribute.path}__".startswith(f"{path}__") for path in paths)
    }
    return names | ({REPORTING_LINE} if declaration.manager in paths else set())
