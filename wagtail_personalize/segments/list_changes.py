"""Changes of the lists of named people that wait in a version until it is published.

They are kept as a difference, ``{"include": [key, …], "exclude": [key, …], "neither": [key, …]}`` with keys of users as
text, so that publishing leaves alone whatever became of the lists in the meantime by another way.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model

from wagtail_personalize.people.batches import batches

from .manual import put_on_list, take_off_lists
from .models import ManualMember, Segment

Lists = tuple[list[str], list[str]]


def stored_lists(segment: Segment) -> Lists:
    """The keys, as text, of the people always included and always excluded, in the order in which they were added."""
    lists: Lists = ([], [])
    if segment.pk is not None:
        for always, key in (
            ManualMember.objects.filter(segment=segment.pk).order_by("pk").values_list("always", "person")
        ):
            lists[always == ManualMember.Always.EXCLUDE].append(str(key))
    return lists


def lists_of(segment: Segment) -> Lists:
    """The lists as they would be with what this version changes in them."""
    included, excluded = stored_lists(segment)
    changes = segment.list_changes or {}
    moved = {key for keys in changes.values() for key in keys}
    return (
        [key for key in included if key not in moved] + changes.get("include", []),
        [key for key in excluded if key not in moved] + changes.get("exclude", []),
    )


def difference(segment: Segment, included: Collection[str], excluded: Collection[str]) -> dict[str, list[str]] | None:
    """What has to change in the stored lists to become these; ``None`` when nothing. Who is on both is excluded."""
    was_included, was_excluded = stored_lists(segment)
    changes = {
        "include": [key for key in included if key not in excluded and key not in was_included],
        "exclude": [key for key in excluded if key not in was_excluded],
        "neither": [key for key in [*was_included, *was_excluded] if key not in included and key not in excluded],
    }
    return {name: keys for name, keys in changes.items() if keys} or None


def write_list_changes(segment: Segment) -> None:
    """Do what this version of ``segment`` changes in the lists, once."""
    changes, segment.list_changes = segment.list_changes or {}, None
    if gone := changes.get("neither"):
        take_off_lists(segment, _people(gone))
    for name, always in (("include", ManualMember.Always.INCLUDE), ("exclude", ManualMember.Always.EXCLUDE)):
        if new := changes.get(name):
            put_on_list(segment, _people(new), always)


def _people(keys: Collection[Any]) -> list[Any]:
    users = get_user_model()._default_manager
    return [user for batch in batches(keys) for user in users.filter(pk__in=batch).order_by("pk")]
