"""The log of looks at names."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from .models import LookAt

KEPT = timedelta(days=365)


def log_names_seen(user: Any, subject: str, persons: Iterable[Any], kind: LookAt.Kind = LookAt.Kind.OTHER) -> LookAt:
    """Record that ``user`` was shown the names of ``persons`` (users or their keys) at ``subject``.

    These people are told the ``kind`` only: the subject may name what they must not know of.
    """
    look = LookAt.objects.create(actor=user, subject=str(subject)[:255], kind=kind)
    look.persons.set(persons)
    return look


class NamesSeen:
    """One entry of the log for names that are shown little by little, as in an export."""

    def __init__(self, user: Any, subject: str, kind: LookAt.Kind = LookAt.Kind.OTHER) -> None:
        self._entry = {"actor": user, "subject": str(subject)[:255], "kind": kind}
        self._look: LookAt | None = None

    def add(self, persons: Iterable[Any]) -> None:
        """These people (keys of users, none twice) are about to be shown; one statement, and one for the first."""
        through = LookAt.persons.through
        name = f"{LookAt.persons.field.m2m_reverse_field_name()}_id"
        self._look = self._look or LookAt.objects.create(**self._entry)
        through.objects.bulk_create(through(lookat=self._look, **{name: person}) for person in persons)


def purge_looks() -> int:
    """Delete looks older than twelve months; returns how many."""
    expired = LookAt.objects.filter(at__lt=timezone.now() - KEPT)
    LookAt.persons.through.objects.filter(lookat__in=expired).delete()
    return expired.delete()[0]
