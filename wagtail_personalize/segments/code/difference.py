"""The difference between a file and the site, as people read it: what a dry run prints."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import get_declaration

from ..effective import people
from ..models import Membership
from ..new_day import ensure_today
from ..rules.broken import BrokenRule
from ..rules.sentence import sentences
from .form import LISTS
from .people import keys_of
from .steps import Plan, Step


def described(plan: Plan, *, delete: bool = False) -> Iterator[str]:
    """Lines of text: new and changed segments with their rules as sentences and their sizes, then the others."""
    ensure_today()
    sizes = _sizes(step.segment.pk for step in plan.steps if step.segment)
    for step in plan.new:
        yield _("New: %(name)s") % {"name": _called(step)}
        yield from _indented(_("rule"), sentences([step.entry["rule"]])[0])
        yield from _indented(_("size"), _size(step, plan))
    for step in plan.changed:
        yield _("Changed: %(name)s") % {"name": _called(step)}
        yield from _changes(step)
        yield from _indented(_("size"), f"{sizes.get(step.segment.pk, 0)} → {_size(step, plan)}")
    for step in plan.unchanged:
        yield _("Unchanged: %(name)s") % {"name": _called(step)}
    for segment in plan.others:
        line = _("Deleted: %(name)s") if delete else _("Not in the file: %(name)s")
        yield line % {"name": f"{segment.name} ({segment.slug})"}


def summary(plan: Plan, *, delete: bool = False) -> str:
    """One line with all the counts."""
    others = _("%(number)d deleted") if delete else _("%(number)d not in the file")
    return _("%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(others)s.") % {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "others": others % {"number": len(plan.others)},
    }


def _called(step: Step) -> str:
    return f"{step.entry['name']} ({step.slug})"


def _changes(step: Step) -> Iterator[str]:
    for key, before in step.changes.items():
        after = step.entry[key]
        if key == "rule":
            before, after = sentences([before, after])
        elif key in LISTS:
            before, after = len(before), len(after)
        yield from _indented(key, f"{_shown(before)} → {_shown(after)}")


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else _("yes") if value is True else _("no") if value is False else str(value)


def _indented(key: Any, text: Any) -> Iterator[str]:
    yield f"    {key}: {text}"


def _sizes(pks: Iterable[int]) -> dict[int, int]:
    rows = Membership.objects.filter(segment__in=list(pks)).order_by().values_list("segment")
    return dict(rows.annotate(Count("pk")))


def _size(step: Step, plan: Plan) -> int:
    """How many people the segment would have; a draft has none."""
    meaning = plan.meanings.get(step.slug)
    if not step.is_live or meaning is None or isinstance(meaning, BrokenRule):
        return 0
    declaration = get_declaration()
    return declaration.profiles().filter(_with_lists(meaning, step, plan) & people(declaration)).count()


def _with_lists(meaning: Q, step: Step, plan: Plan) -> Q:
    """The definition with the lists that the file brings; lists that are stored and stay are in it already."""
    keys, person = keys_of(plan.people), f"{get_declaration().person_path}__in"
    listed = {key: [keys[name] for name in step.entry.get(key, [])] for key in LISTS}
    if listed["always_include"]:
        meaning = meaning | Q(**{person: listed["always_include"]})
    return meaning & ~Q(**{person: listed["always_exclude"]}) if listed["always_exclude"] else meaning
