"""What happens to segments stands in their history once, also what code does.

Saving, deleting and changing lists tell by themselves. Whoever tells it better, such as the admin, a loaded file or a
series, does so inside ``told_elsewhere()``. The user is the one of the running request, or nobody.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import get_active_log_context, log, registry
from wagtail.models import ModelLogEntry

from .models import Segment

CREATED, EDITED, DELETED = "wagtail.create", "wagtail.edit", "wagtail.delete"

_told_elsewhere: ContextVar[bool] = ContextVar("wagtail_personalize_told_elsewhere", default=False)


@contextmanager
def told_elsewhere() -> Iterator[None]:
    """What is saved inside is told by whoever saves it."""
    token = _told_elsewhere.set(True)
    try:
        yield
    finally:
        _told_elsewhere.reset(token)


def is_told_elsewhere() -> bool:
    """Does somebody else tell of what is saved now?"""
    return _told_elsewhere.get()


def log_all(action: str, changes: Iterable[tuple[Model, dict[str, Any]]], model: type[Model] = Segment) -> None:
    """An entry for each segment with its data, all in one statement.

    Each entry has a number of its own: of those that share one, pages of history show the last only.
    """
    flags = {"content_changed": action != DELETED, "deleted": action == DELETED}
    if registry.get_log_model_for_model(model) is not ModelLogEntry:
        for instance, data in changes:
            log(instance, action, data=data, uuid=uuid4(), **flags)
        return
    now, user = timezone.now(), get_active_log_context().user
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=content_type,
            object_id=str(instance.pk),
            label=str(instance),
            action=action,
            data=data,
            timestamp=now,
            user_id=getattr(user, "pk", None),
            uuid=uuid4(),
            **flags,
        )
        for instance, data in changes
    )
