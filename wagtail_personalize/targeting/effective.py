"""Stores what every page inherits, so that a listing filters by one column.

Stored is never more than a copy: ``inheritance.py`` says what holds, ``recompute`` writes where the copy differs, in a
number of statements that does not depend on the number of pages. A page without a row is unknown, and computed live.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db import connections, transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from wagtail_personalize import hookspecs
from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments import shared_cache, versions
from wagtail_personalize.setsql import insert_select

from .audiences import intern_all
from .inheritance import Inheritance
from .models import EffectiveAudience, PageAudience
from .page_tree import page_model, range_of, within

#: ``(path, access id, recommendation id)``: the ids hold from this path up to the next step; 0 means none.
Step = tuple[str, int, int]

#: One statement decides between so many steps at most, far below any database's limit of parameters.
_STEPS_AT_ONCE = 500
_SUBTREES_AT_ONCE = 50


@transaction.atomic
def recompute(paths: Iterable[str] | None = None, *, fill_all: bool = False) -> None:
    """Bring stored audiences up to date at and below ``paths`` and wherever an alias follows; by default everywhere.

    ``fill_all`` also gives a row to every page of the site that has none.
    """
    lock()
    inheritance = Inheritance.load()
    subtrees = _few(inheritance.affected_by(paths)) if paths is not None else [""]
    region = within(subtrees)
    for span in _spans(_steps(inheritance, subtrees)):
        _delete(_differing(span, region))
        _insert_missing(span, region)
    changed = subtrees
    if fill_all and _unknown().exists():
        for span in _spans(_steps(inheritance, [""])):
            _insert_missing(span, Q())
        subtrees = [""]
    hookspecs.audiences_stored.send(sender=EffectiveAudience, paths=subtrees, changed=changed)
    shared_cache.forget_on_commit()


def _few(subtrees: list[str]) -> list[str]:
    """So many subtrees that the whole site is less work."""
    return subtrees if len(subtrees) <= _SUBTREES_AT_ONCE else [""]


def lock() -> None:
    """Let nobody else write audiences or what follows from them until this transaction ends.

    A page that moves and a section that is being restricted would otherwise each miss the other.
    """
    versions.hold(versions.AUDIENCES)
    if get_settings().CONTENT_CACHE is not None:
        versions.grow(versions.VISIBILITY)


def check() -> list[str]:
    """One sentence for each page whose stored audience is not what holds now; unknown pages are no fault."""
    differing = [
        pk
        for span in _spans(_steps(Inheritance.load(), [""]))
        for pk in _differing(span, Q()).order_by("pk").values_list("pk", flat=True)
    ]
    titles = page_model()._base_manager.in_bulk(differing)
    return [
        _("Page %(id)s (%(title)s) has a stored audience that is out of date.") % {"id": pk, "title": titles[pk]}
        for pk in differing
    ]


def sweep() -> int:
    """Forget choices of pages that no longer exist in any language; returns how many there were."""
    pages = page_model()._base_manager.filter(translation_key=OuterRef("translation_key"))
    return PageAudience.objects.filter(~Exists(pages)).delete()[0]


def _steps(inheritance: Inheritance, subtrees: Sequence[str]) -> list[Step]:
    """The steps that some page in ``subtrees`` can fall on."""
    steps = inheritance.steps()
    ends = [path for path, _ in steps[1:]] + [None]
    ranges = [range_of(path) for path in subtrees]
    needed = [
        (path, choice)
        for (path, choice), end in zip(steps, ends, strict=True)
        if any((end is None or end > lower) and (upper is None or path < upper) for lower, upper in ranges)
    ]
    audiences = intern_all({clauses for _, choice in needed for clauses in choice if clauses})
    return [(path, *(audiences[c].pk if c else 0 for c in choice)) for path, choice in needed]


class _Span:
    """Some steps in a row, and the pages between the first of them and what comes after the last."""

    def __init__(self, steps: Sequence[Step], end: str | None) -> None:
        self.steps = steps
        self.end = end

    def pages(self, prefix: str = "") -> Q:
        begins = Q(**{f"{prefix}path__gte": self.steps[0][0]})
        return begins & Q(**{f"{prefix}path__lt": self.end}) if self.end else begins

    def access(self, prefix: str = "") -> Any:
        return _decide([(path, access) for path, access, _ in self.steps], f"{prefix}path")

    def recommendation(self, prefix: str = "") -> Any:
        return _decide([(path, recommendation) for path, _, recommendation in self.steps], f"{prefix}path")


def _spans(steps: list[Step]) -> Iterator[_Span]:
    starts = [*range(0, len(steps), _STEPS_AT_ONCE), len(steps)]
    for start, stop in pairwise(starts):
        yield _Span(steps[start:stop], steps[stop][0] if stop < len(steps) else None)


def _decide(steps: Sequence[tuple[str, int]], path: str) -> Any:
    """The value of the last step at or before ``path``, found by halves: nested comparisons, as few as can be."""
    steps = [step for before, step in pairwise([("", None), *steps]) if step[1] != before[1]]
    if len(steps) == 1:
        return Value(steps[0][1], output_field=IntegerField())
    middle = len(steps) // 2
    lower, upper = _decide(steps[:middle], path), _decide(steps[middle:], path)
    return Case(When(**{f"{path}__lt": steps[middle][0]}, then=lower), default=upper)


def _differing(span: _Span, region: Q) -> QuerySet[EffectiveAudience]:
    """Rows that do not say what holds."""
    where = span.pages("page__") & _below(region)
    same = Q(stored_access=span.access("page__"), stored_recommendation=span.recommendation("page__"))
    stored = {
        "stored_access": Coalesce("access_id", 0),
        "stored_recommendation": Coalesce("recommendation_id", 0),
    }
    return EffectiveAudience.objects.filter(where).alias(**stored).exclude(same)


def _below(region: Q) -> Q:
    """The same condition on the page of a row."""
    return Q(page__in=page_model()._base_manager.filter(region).order_by()) if region else Q()


def _delete(rows: QuerySet[EffectiveAudience]) -> None:
    """In one statement; where a ``DELETE`` locks the pages that it only reads, their keys are read before.

    Otherwise it would wait for whoever moves those pages, who waits for the lock that is held here.
    """
    if connections[rows.db].vendor == "mysql":
        rows = EffectiveAudience.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    rows.delete()


def _unknown() -> QuerySet:
    """Pages without a row."""
    known = EffectiveAudience.objects.filter(page_id=OuterRef("pk"))
    return page_model()._base_manager.filter(~Exists(known)).order_by()


def _insert_missing(span: _Span, region: Q) -> None:
    rows = _unknown().filter(span.pages(), region)
    values = rows.values_list("pk", NullIf(span.access(), Value(0)), NullIf(span.recommendation(), Value(0)))
    insert_select(EffectiveAudience, ["page", "access", "recommendation"], values)
