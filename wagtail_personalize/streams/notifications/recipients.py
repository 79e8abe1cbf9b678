"""Whom a notice about a page is for, as querysets of users to be used inside statements.

Whoever may not open any of its live versions now stays out, by the stored audiences and by Wagtail's own page privacy;
a page whose audience is not known is closed to all. Audiences are asked by what is stored, so ``ensure_today()`` comes
first.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import PageViewRestriction

from wagtail_personalize.people.active import active
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.targeting.audiences import clauses_of
from wagtail_personalize.targeting.clauses import Clause
from wagtail_personalize.targeting.models import Audience, EffectiveAudience
from wagtail_personalize.targeting.page_tree import page_model, upwards

from ..subscribing.models import Level, Subscription
from ..timeline.reading import sources_bringing
from .models import Notice

_NOBODY = Q(pk__in=[])


def active_people() -> QuerySet:
    """Everybody who is not locked out."""
    return active(get_user_model()._base_manager.order_by())


def family_of(notice: Notice) -> list[Any]:
    """The live pages that the notice is about."""
    return list(page_model()._base_manager.filter(translation_key=notice.translation_key, live=True).order_by("pk"))


def following(notice: Notice, least: int, below: int | None = None) -> QuerySet:
    """The people who follow what brings the page at this level, and may open it; ``below``: and nothing at that one."""
    pages = family_of(notice)
    sources = sources_bringing([page.pk for page in pages])
    levels = [level for level in Level if level >= max(least, Level.NORMAL)]
    mine = Subscription.objects.filter(source__in=sources, level__in=levels).order_by()
    people = active_people().filter(pk__in=mine.values("person"))
    if below is not None:
        higher = Subscription.objects.filter(source__in=sources, level__in=[level for level in Level if level >= below])
        if higher.exists():
            people = people.filter(~Exists(higher.filter(person=OuterRef("pk"))))
    return people.filter(_may_open(pages))


def concerned(notice: Notice) -> QuerySet:
    """The people who work here, may open the page and, if it is recommended to somebody, are meant by that."""
    declaration = get_declaration()
    people = active_people()
    if declaration is not None:
        people = people.filter(pk__in=declaration.people().values(declaration.user))
    return people.filter(_may_open(family_of(notice), meant=True))


def able_to_open(people: QuerySet, translation_key: Any) -> QuerySet:
    """Those of these users who may open the page with this key in one of its languages."""
    return people.filter(_may_open(family_of(Notice(translation_key=translation_key))))


def _may_open(pages: Iterable[Any], *, meant: bool = False) -> Q:
    """Who may open one of these pages, as a condition on users."""
    stored = EffectiveAudience.objects.filter(page__in=[page.pk for page in pages])
    audiences = {row.page_id: row for row in stored.select_related("access", "recommendation")}
    ways = []
    for page in pages:
        row = audiences.get(page.pk)
        way = _NOBODY if row is None else _passes(row.access, restricts=True) & _private(page)
        ways.append(way & _passes(row.recommendation) if meant and row is not None else way)
    if any(way == Q() for way in ways):
        return Q()
    return reduce(or_, ways, _NOBODY)


def _passes(audience: Audience | None, *, restricts: bool = False) -> Q:
    """Who passes all clauses. Nobody passes a restriction that people can choose themselves into."""
    clauses, index = clauses_of(audience), segment_index()
    chosen = {entry.uuid for entry in index.entries if entry.self_chosen} if restricts and clauses else set()
    found = Q()
    for clause in clauses:
        found &= _NOBODY if chosen & clause.segment_uuids else _one(clause, index)
    return found


def _one(clause: Clause, index: Any) -> Q:
    needs = clause.needs(index)
    if needs is None:
        return _NOBODY
    include, exclude = needs
    member = Membership.objects.filter(person=OuterRef("pk"))
    found = Q(Exists(member.filter(segment__in=include))) if include else Q()
    return found & ~Q(Exists(member.filter(segment__in=exclude))) if exclude else found


def _private(page: Any) -> Q:
    """Whom Wagtail's own page privacy lets in. What is behind a password counts as closed."""
    found = Q()
    restrictions = PageViewRestriction.objects.filter(page__path__in=list(upwards(page.path)))
    for restriction in restrictions.exclude(restriction_type=PageViewRestriction.LOGIN):
        users = get_user_model()
        if restriction.restriction_type != PageViewRestriction.GROUPS or not hasattr(users, "groups"):
            return _NOBODY
        groups = list(restriction.groups.values_list("pk", flat=True))
        found &= Q(pk__in=users._base_manager.filter(groups__in=groups).order_by().values("pk"))
    return found
