"""Many-valued links, written as rows of their table: what differs, and nothing else."""

from typing import Any

from django.db.models import Model

from ..mapping.links import Link
from .drafts import Draft


def compare_many(link: Link, drafts: list[Draft]) -> None:
    """Mark the drafts whose stored values differ; one query."""
    asked = [draft for draft in drafts if link in draft.many]
    stored = _stored(link, [draft.profile.pk for draft in asked if not draft.new_profile])
    for draft in asked:
        now = set() if draft.new_profile else stored.get(draft.profile.pk, {}).keys()
        if draft.many[link] != now:
            draft.many_changed.add(link)


def write_many(link: Link, drafts: list[Draft]) -> None:
    """Store the values of the drafts that differ; at most three statements."""
    differing = [draft for draft in drafts if link in draft.many_changed]
    if not differing:
        return
    through, source, target = _table(link)
    stored = _stored(link, [draft.profile.pk for draft in differing])
    gone, added = [], []
    for draft in differing:
        now = stored.get(draft.profile.pk, {})
        gone += [row for pointer, row in now.items() if pointer not in draft.many[link]]
        added += [through(**{source: draft.profile.pk, target: new}) for new in draft.many[link] - now.keys()]
    if gone:
        through._base_manager.filter(pk__in=gone).delete()
    through._base_manager.bulk_create(added)


def _stored(link: Link, profiles: list[Any]) -> dict[Any, dict[Any, Any]]:
    """Profile → pointer → key of the row that links them."""
    through, source, target = _table(link)
    found: dict[Any, dict[Any, Any]] = {}
    rows = through._base_manager.filter(**{f"{source}__in": profiles}) if profiles else through._base_manager.none()
    for profile, pointer, row in rows.values_list(source, target, "pk"):
        found.setdefault(profile, {})[pointer] = row
    return found


def _table(link: Link) -> tuple[type[Model], str, str]:
    """The table between, and its two columns."""
    field = link.target.field
    through = field.remote_field.through
    names = (field.m2m_field_name(), field.m2m_reverse_field_name())
    return through, *(through._meta.get_field(name).attname for name in names)
