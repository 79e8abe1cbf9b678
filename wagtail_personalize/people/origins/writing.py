"""Noting who set a value: one statement for a save, one or two for a batch.

Whoever saves counts as the administration, unless they say otherwise::

    with set_by("self"):
        profile.save()

Always after the change was announced: with that, writers wait for each other in one order, and nobody for two.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, router
from django.db.models import BigIntegerField, DateTimeField, F, Value
from django.utils import timezone

from wagtail_personalize.setsql import insert_select

from ..among import Among
from ..attributes import REPORTING_LINE
from ..batches import batches
from ..declaration import get_declaration
from ..importing.models import ImportRun
from .models import ValueOrigin

#: The attribute of the row that stands for all attributes without a later one.
EVERYTHING = ""
#: The attribute of the row that says: something was changed then, and nobody said what.
PERHAPS = "*"
_COLUMNS = ["person", "attribute", "source", "at", "run"]
_REPLACED = ["source", "at", "run"]

_source: ContextVar[str] = ContextVar("wagtail_personalize_set_by", default="")


@contextmanager
def set_by(source: str) -> Iterator[None]:
    """What is saved inside was set by ``"self"``, ``"admin"`` or ``"import"``."""
    token = _source.set(ValueOrigin.Source(source))
    try:
        yield
    finally:
        _source.reset(token)


def note(
    values: Iterable[tuple[Any, str]], source: str = ValueOrigin.Source.ADMIN, run: ImportRun | None = None
) -> None:
    """These (person's key, attribute) were set just now; one statement for a thousand of them."""
    now, source = timezone.now(), _source.get() or source
    rows = (ValueOrigin(person_id=pk, attribute=name, source=source, at=now, run=run) for pk, name in values)
    features = connections[router.db_for_write(ValueOrigin)].features
    unique = ["person", "attribute"] if features.supports_update_conflicts_with_target else None
    for batch in batches(rows):
        ValueOrigin.objects.bulk_create(batch, update_conflicts=True, update_fields=_REPLACED, unique_fields=unique)


def note_new_people(person_ids: list[Any], source: str, run: ImportRun | None = None) -> None:
    """These users were made just now, with all their values; one statement."""
    if person_ids:
        _insert(get_user_model()._base_manager.filter(Among(F("pk"), person_ids)), EVERYTHING, source, run)


def note_changed(person_ids: Iterable[Any] | None, attributes: set[str] | None) -> None:
    """Something else than a save changed these attributes (``None``: nobody knows which) of these people (or all).

    When nobody knows, no value gets a new origin: those that stayed the same would be given a wrong one.
    """
    names = {PERHAPS} if attributes is None else attributes & recorded_names()
    if person_ids is not None:
        note(((pk, name) for pk in person_ids for name in sorted(names)), ValueOrigin.Source.BULK)
        return
    declaration = get_declaration()
    people = get_user_model()._base_manager.filter(pk__in=declaration.profiles().values(declaration.person_path))
    source = _source.get() or ValueOrigin.Source.BULK
    ValueOrigin.objects.filter(attribute__in=names).update(source=source, at=timezone.now(), run=None)
    for name in sorted(names):
        _insert(people, name, source, None)


def recorded_names() -> set[str]:
    """The attributes whose origin is noted: the declared ones, and who the manager is."""
    return {*get_declaration().by_name, REPORTING_LINE}


def _insert(people: Any, attribute: str, source: str, run: ImportRun | None) -> None:
    now = Value(timezone.now(), output_field=DateTimeField())
    run_id = Value(run and run.pk, output_field=BigIntegerField(null=True))
    rows = people.order_by().values_list("pk", Value(attribute), Value(str(source)), now, run_id)
    insert_select(ValueOrigin, _COLUMNS, rows, ignore_conflicts=True)
