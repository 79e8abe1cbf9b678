"""The log of looks at names."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from .models import LookAt

KEPT = timedelta(days=365)


def log_names_seen(user: Any, subject: str, persons: Iterable[Any]) -> LookAt:
    """Record that ``user`` was shown the names of ``persons`` (users or their keys) at ``subject``."""
    look = LookAt.objects.create(actor=user, subject=str(subject)[:255])
    look.persons.set(persons)
    return look


def purge_looks() -> int:
    """Delete looks older than twelve months; returns how many."""
    expired = LookAt.objects.filter(at__lt=timezone.now() - KEPT)
    LookAt.persons.through.objects.filter(lookat__in=expired).delete()
    return expired.delete()[0]
