"""The entries that saving segments and their lists in code leaves in their history: what is different now."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from wagtail_personalize.people.batches import batches

from .admin.changes import Version, told
from .admin.log_actions import SEGMENT_CHANGED
from .log_entries import CREATED, is_told_elsewhere, log_all
from .models import ManualMember, Segment

#: What an entry tells of; everything else follows from these.
FIELDS = ("name", "slug", "description", "category_id", "live", "rule")

#: The values of ``FIELDS``, and the name of the category.
State = Mapping[str, Any]


def states_of(pks: Iterable[Any]) -> dict[Any, State]:
    """How these segments are stored, by their keys."""
    found: dict[Any, State] = {}
    for batch in batches(pk for pk in pks if pk is not None):
        rows = Segment.objects.filter(pk__in=batch).order_by()
        found |= {row["pk"]: row for row in rows.values("pk", *FIELDS, "category__name")}
    return found


def tell_saved(segment: Segment, before: State | None, written: Iterable[str] | None = None) -> None:
    """A segment was saved in code; ``before`` is ``None`` for a new one, ``written`` names the fields if not all."""
    if is_told_elsewhere():
        return
    if before is None:
        log_all(CREATED, [(segment, told(Version(), Version(rule=segment.rule), is_new=True))])
        return
    names = FIELDS if written is None else {"category_id" if name == "category" else name for name in written}
    after = {name: getattr(segment, name) if name in names else before[name] for name in FIELDS}
    category = segment.category if after["category_id"] != before["category_id"] else before["category__name"]
    _tell([(segment, _difference(before, {**after, "category__name": category and str(category)}))])


def tell_updated(before: Mapping[Any, State]) -> None:
    """Stored segments were changed in a set."""
    if is_told_elsewhere():
        return
    after, segments = states_of(before), Segment.objects.in_bulk(list(before))
    _tell((segments[pk], _difference(before[pk], now)) for pk, now in after.items())


def tell_made(segments: Iterable[Segment]) -> None:
    """Segments were made in a set."""
    if not is_told_elsewhere():
        data = [(one, told(Version(), Version(rule=one.rule), is_new=True)) for one in segments]
        log_all(CREATED, data)


def on_lists(segment: Segment, people: Collection[Any]) -> dict[Any, str]:
    """Which of these people (keys) stand on which list; nothing when nobody is to be told."""
    found: dict[Any, str] = {}
    for batch in batches(() if is_told_elsewhere() else people):
        rows = ManualMember.objects.filter(segment=segment, person__in=batch).order_by()
        found |= dict(rows.values_list("person", "always"))
    return found


def tell_listed(segment: Segment, before: Mapping[Any, str], after: Mapping[Any, str]) -> None:
    """People were put on lists and taken off; only how many is kept."""
    if is_told_elsewhere():
        return
    changed = [pk for pk in {**before, **after} if before.get(pk) != after.get(pk)]
    removed, added = (Counter(lists.get(pk) for pk in changed) for lists in (before, after))
    data = {}
    for name, always in (("included", "include"), ("excluded", "exclude")):
        if added[always] or removed[always]:
            data[name] = {"added": added[always], "removed": removed[always]}
    _tell([(segment, data)])


def _tell(changes: Iterable[tuple[Segment, dict[str, Any]]]) -> None:
    log_all(SEGMENT_CHANGED, [(segment, data) for segment, data in changes if data])


def _difference(before: State, after: State) -> dict[str, Any]:
    versions = (Version(state["name"], state["category__name"] or "", state["rule"]) for state in (before, after))
    data = told(*versions)
    if before["slug"] != after["slug"]:
        data["slug"] = {"before": before["slug"], "after": after["slug"]}
    if before["description"] != after["description"]:
        data["description"] = True
    if before["live"] != after["live"]:
        data["live"] = bool(after["live"])
    return data
