"""What an editor chose for a page: to set it, to read it, and what the page inherits besides.

One choice serves a page in all its languages. It is not part of a revision: it takes effect at once, is logged, and
republishing an old version never brings an old audience back. Who may set it is for the caller to check.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from wagtail.log_actions import log

from wagtail_personalize import hookspecs
from wagtail_personalize.segments.models import Segment

from .audiences import Clause, clauses_of, intern, refuse_restriction
from .clauses import Clauses
from .effective import lock, recompute
from .models import Audience, PageAudience
from .page_tree import page_model, upwards

Chosen = Clause | Iterable[Clause] | None

LOG_ACTION = "wagtail_personalize.audience"

#: The permission to set or lift a restriction.
RESTRICT = "personalize_targeting.restrict_pages"


def page_audience(page: Model) -> PageAudience | None:
    """The page's own choice, or ``None``."""
    chosen = PageAudience.objects.select_related("access", "recommendation", "changed_by")
    return chosen.filter(translation_key=page.translation_key).first()


@transaction.atomic
def set_page_audience(page: Model, user: Any, restrict: Chosen, recommend: Chosen) -> PageAudience | None:
    """Choose for ``page`` in all languages; ``None`` lifts. Returns the new choice, ``None`` when nothing is left.

    Raises ``ValidationError`` when a segment that people can choose themselves into would newly restrict; one that did
    so before lets nobody in and may stay until somebody decides.
    """
    lock()
    access, recommendation = chosen_clauses(restrict), chosen_clauses(recommend)
    before = page_audience(page)
    had = clauses_of(before and before.access), clauses_of(before and before.recommendation)
    refuse_self_chosen(access - had[0])
    if had == (access, recommendation):
        return before
    store(page.translation_key, interned(access), interned(recommendation), user)
    log_choice(page, user, had, (access, recommendation))
    return page_audience(page)


def store(translation_key: Any, access: Audience | None, recommendation: Audience | None, user: Any) -> None:
    """Write a choice and whatever follows from it. Neither checks nor logs."""
    if access or recommendation:
        values = {"access": access, "recommendation": recommendation, "changed_by": user}
        PageAudience.objects.update_or_create(translation_key=translation_key, defaults=values)
    else:
        PageAudience.objects.filter(translation_key=translation_key).delete()
    family = page_model()._base_manager.filter(translation_key=translation_key)
    recompute(list(family.values_list("path", flat=True)), fill_all=True)
    hookspecs.audience_changed.send(sender=PageAudience, translation_key=translation_key, user=user)


class Inherited(NamedTuple):
    """A choice that a page has from elsewhere, and the page where it was made."""

    page: Model
    audience: PageAudience


def inherited(page: Model) -> list[Inherited]:
    """The choices that hold for ``page`` besides its own: from its ancestors and, for an alias, from its source."""
    found = {p.translation_key: p for p in reversed(_way_to(page)) if p.translation_key != page.translation_key}
    choices = PageAudience.objects.select_related("access", "recommendation").filter(translation_key__in=found)
    by_key = {choice.translation_key: choice for choice in choices}
    return [Inherited(p, by_key[key]) for key, p in reversed(found.items()) if key in by_key]


def _way_to(page: Model) -> list[Model]:
    """The page, its ancestors, and the same of every source that an alias among them has; one query per hop."""
    known: dict[str, Model] = {}
    hops = {page.path}
    while hops:
        wanted = {path for hop in hops for path in upwards(hop)} - known.keys()
        pages = page_model()._base_manager.select_related("alias_of").filter(path__in=wanted).order_by("path")
        known |= {p.path: p for p in pages}
        hops = {p.alias_of.path for p in known.values() if p.alias_of and p.alias_of.path not in known}
    return list(known.values())


def chosen_clauses(chosen: Chosen) -> Clauses:
    """What was chosen, as a set of clauses that ask for something."""
    given = [chosen] if isinstance(chosen, Clause) else chosen or ()
    return frozenset(clause for clause in given if not clause.is_everyone)


def interned(clauses: Clauses) -> Audience | None:
    """The audience with these clauses; none for no clauses."""
    return intern(clauses) if clauses else None


def refuse_self_chosen(clauses: Clauses) -> None:
    """Raise ``ValidationError`` when people can choose themselves into a segment that is named here."""
    named = {uuid for clause in clauses for uuid in clause.segment_uuids}
    if sentences := refuse_restriction(Segment.objects.filter(uuid__in=named)):
        raise ValidationError(sentences, code="self_chosen")


def log_choice(instance: Model, user: Any, before: tuple[Clauses, Clauses], after: tuple[Clauses, Clauses]) -> None:
    """Write to the history of what was restricted, who chose what; each pair is what restricts and what recommends."""
    names = {str(uuid): name for uuid, name in Segment.objects.values_list("uuid", "name")}

    def written(choice: tuple[Clauses, Clauses]) -> dict[str, list]:
        return {mode: _named(clauses, names) for mode, clauses in zip(("restrict", "recommend"), choice, strict=True)}

    log(instance=instance, action=LOG_ACTION, user=user, data={"before": written(before), "after": written(after)})


def _named(clauses: Clauses, names: dict[str, str]) -> list[dict[str, list[str]]]:
    """Names as they are today: the log must stay readable when a segment is gone."""
    return [
        {
            "include": sorted(names.get(u, u) for u in clause.include),
            "exclude": sorted(names.get(u, u) for u in clause.exclude),
        }
        for clause in sorted(clauses, key=lambda c: (sorted(c.include), sorted(c.exclude)))
    ]
