"""Telling the house that people changed.

Saving a profile, a user, a link or a node does this by itself (``receivers.py``). Bulk updates send no signals, so
whoever makes them calls ``changed`` afterwards::

    from wagtail_personalize import people

    staff = Staff.objects.filter(pk__in=moved)
    staff.update(department="Finance")
    people.changed(staff, {"department"})

All of it happens in the caller's transaction: our own tables first, then one ``profiles_changed`` signal.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import Any

from django.db import connections, router, transaction
from django.db.models import F, QuerySet

from wagtail_personalize.hookspecs import names_changed, profiles_changed, profiles_changing

from .among import Among
from .attributes import GROUPS, REPORTING_LINE, Tree
from .batches import batches
from .closure import rebuild_reporting_line, rebuild_tree
from .declaration import NAME_PREFIX, ProfileDeclaration, get_declaration
from .folded_values import remember
from .models import FoldedValue
from .origins.writing import note_changed

#: More people than these are announced as everybody.
MANY_PEOPLE = 20_000

_suppressed: ContextVar[bool] = ContextVar("wagtail_personalize_changes_suppressed", default=False)


@contextmanager
def suppressed() -> Iterator[None]:
    """Let saves pass unannounced; whoever asks for this calls ``changed`` for the whole batch."""
    token = _suppressed.set(True)
    try:
        yield
    finally:
        _suppressed.reset(token)


def is_suppressed() -> bool:
    """Does somebody collect changes to announce them at once?"""
    return _suppressed.get()


def changed(queryset: QuerySet | None = None, attributes: Iterable[str] | None = None, cause: str = "bulk") -> None:
    """Bring everything up to date after a bulk change.

    ``queryset`` holds the profiles (or users) that changed, ``None`` means anybody. ``attributes`` names what changed:
    declared attributes, ``"reports_to"`` for the manager, ``"in_group"`` for Django groups; ``None`` means anything.
    """
    declaration = get_declaration()
    if declaration is None:
        return
    names = None if attributes is None else set(attributes)
    _refuse_unknown(declaration, names)
    with transaction.atomic(using=router.db_for_write(FoldedValue)):
        for attribute in declaration.attributes:
            if isinstance(attribute, Tree) and (names is None or attribute.name in names):
                rebuild_tree(attribute)
        also = None if names is None else names | {attribute.name for attribute in declaration.name_attributes}
        ids = None if queryset is None else _person_ids(declaration, queryset)
        announce(ids, also, cause)
        if cause != "import":  # which notes it itself; in any case after the announcement, which lines up all writers
            note_changed(ids, names)


def line_up() -> None:
    """Before the first row of a person is written in a transaction: wait for whoever is working out memberships.

    They hold their lock first and look at the rows of people then; in the other order two would wait for each other.
    Outside of a transaction no row stays locked until the announcement.
    """
    if connections[router.db_for_write(FoldedValue)].in_atomic_block:
        profiles_changing.send(sender=None)


def announce(
    person_ids: Iterable[Any] | None,
    attributes: set[str] | None,
    cause: str = "profile",
    *,
    named: Collection[str] = (),
) -> None:
    """Update our tables for these people (users' keys, ``None``: all) and send ``profiles_changed``.

    Whoever reports to one of them counts as changed too when the reporting line may have. ``named`` holds attributes
    whose rules may name what came or went: if it is nobody's, ``names_changed`` tells of it.
    """
    ids = None if person_ids is None else set(person_ids)
    if ids is not None and not ids:
        if named:
            names_changed.send(sender=None, attributes=set(named))
        return
    with transaction.atomic(using=router.db_for_write(FoldedValue)):
        profiles_changing.send(sender=None)
        _remember(ids, attributes)
        if attributes is None or REPORTING_LINE in attributes:
            ids = rebuild_reporting_line(ids)
        declared = None if attributes is None else {name for name in attributes if not name.startswith(NAME_PREFIX)}
        if declared is None or declared:
            profiles_changed.send(sender=None, person_ids=_listed(ids), attributes=declared, cause=cause)


def _listed(ids: set[Any] | None) -> list[Any] | None:
    return None if ids is None or len(ids) > MANY_PEOPLE else list(ids)


def _remember(ids: set[Any] | None, attributes: set[str] | None) -> None:
    declaration = get_declaration()
    if ids is None:
        remember(attributes)
        return
    for batch in batches(ids):
        remember(attributes, declaration.profiles().filter(Among(F(declaration.person_path), batch)))


def _person_ids(declaration: ProfileDeclaration, queryset: QuerySet) -> list[Any] | None:
    """The users' keys of these profiles or users, ``None`` when they are too many to list."""
    is_profile = issubclass(queryset.model, declaration.profile_model._meta.concrete_model)
    keys = queryset.values_list(declaration.person_path if is_profile else "pk", flat=True)
    ids = [key for key in islice(keys.iterator(chunk_size=2000), MANY_PEOPLE + 1) if key is not None]
    return None if len(ids) > MANY_PEOPLE else ids


def _refuse_unknown(declaration: ProfileDeclaration, names: set[str] | None) -> None:
    unknown = (names or set()) - set(declaration.by_name) - {REPORTING_LINE, GROUPS}
    if unknown:
        raise ValueError(f"people.changed() was told of attributes that are not declared: {', '.join(sorted(unknown))}")
