"""Making notices: in the transaction of what happened, once for each thing; the copies are written afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import Notice

_quiet: ContextVar[bool] = ContextVar("personalize_quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """What is published or applied in here is told to nobody: for imports of old content, and for demonstrations."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    return _quiet.get()


def tell(event: str, key: str, **fields: Any) -> Notice | None:
    """Make the notice of an event about something, and have its copies written; ``None`` if it was told before.

    ``fields`` are those of ``Notice``: ``translation_key`` or ``source``, ``by``, ``text``.
    """
    if is_quiet():
        return None
    defaults = {"at": timezone.now(), **fields}
    notice, is_new = Notice.objects.get_or_create(event=event, key=key, defaults=defaults)
    if not is_new:
        return None
    write_soon(notice)
    return notice


def write_soon(notice: Notice) -> None:
    """Have the copies written when the transaction is over."""
    from .tasks import write_notifications

    transaction.on_commit(partial(write_notifications.enqueue, notice.pk))


def stop(notice: Notice) -> bool:
    """Write and send no more of it; says whether anything was left to stop."""
    return bool(Notice.objects.filter(pk=notice.pk, is_stopped=False).update(is_stopped=True))
