"""Writing a plan: a fixed number of statements for a batch, and one call that tells the house who changed."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Model

from wagtail_personalize.people.among import Among
from wagtail_personalize.people.changes import changed, line_up

from ..mapping.binding import Binding
from ..models import Departure, ImportRun
from .drafts import Draft
from .many_links import write_many
from .origins import attributes_written, write_origins
from .planning import Plan
from .row_inserts import insert_objects
from .row_updates import update_rows


def write(plan: Plan, binding: Binding, run: ImportRun) -> None:
    """Store what the accepted lines change. The caller holds the transaction."""
    drafts = [draft for draft in plan.accepted if draft.changed]
    if drafts or plan.reactivated:
        line_up()
    if plan.reactivated:
        Departure.objects.filter(person__in=plan.reactivated).delete()
    if not drafts:
        return
    new = [draft for draft in drafts if draft.is_new]
    _create(new, binding)
    _set_new_managers(drafts, binding)
    _update([(d.user, d.user_fields) for d in drafts if not d.is_new])
    _update([(d.profile, d.profile_fields) for d in drafts if not d.new_profile])
    _update([(d.profile, {binding.manager.name}) for d in new if d.new_profile and d.manager_draft])
    for link in binding.links:
        if link.target.is_many:
            write_many(link, drafts)
    _write_activity(drafts, run)
    _tell(drafts, binding)
    write_origins(drafts, binding.declaration, run)


def _create(drafts: list[Draft], binding: Binding) -> None:
    insert_objects([draft.user for draft in drafts], binding.login_name.field)
    for draft in drafts:
        setattr(draft.profile, binding.declaration.user, draft.user)
        draft.profile_fields.add(binding.declaration.user)
    insert_objects([draft.profile for draft in drafts if draft.new_profile], binding.staff_number)


def _set_new_managers(drafts: list[Draft], binding: Binding) -> None:
    """Managers who are new in this batch have keys now."""
    for draft in drafts:
        if boss := draft.manager_draft:
            is_profile = "__" not in binding.manager_pointer
            manager = boss.profile if is_profile else boss.user
            setattr(draft.profile, binding.manager.name, manager)


def _update(objects: Iterable[tuple[Model, set[str]]]) -> None:
    """Write the fields that differ, of all objects together."""
    given = [(each, names) for each, names in objects if names]
    if given:
        names = set().union(*(names for _each, names in given))
        update_rows([each for each, _names in given], sorted(names))


def _write_activity(drafts: list[Draft], run: ImportRun) -> None:
    deactivate([draft.user.pk for draft in drafts if draft.left], run)
    back = [draft.user.pk for draft in drafts if draft.came_back]
    if back:
        get_user_model()._base_manager.filter(pk__in=back).update(is_active=True)
        Departure.objects.filter(person__in=back).delete()


def deactivate(person_ids: list[Any], run: ImportRun) -> None:
    """Make these people inactive, and remember that an import did, so that an import may bring them back."""
    if person_ids:
        get_user_model()._base_manager.filter(pk__in=person_ids).update(is_active=False)
        departures = [Departure(person_id=person_id, run=run) for person_id in person_ids]
        Departure.objects.bulk_create(departures, ignore_conflicts=True)


def _tell(drafts: list[Draft], binding: Binding) -> None:
    declaration = binding.declaration
    people = get_user_model()._base_manager.filter(Among(F("pk"), [draft.user.pk for draft in drafts]))
    everything = any(draft.is_new or draft.left or draft.came_back for draft in drafts)
    changed(people, None if everything else attributes_written(drafts, declaration), cause="import")
