"""The work behind a notice. A task may run twice, late, or after a run that was killed: the end is the same."""

from datetime import date
from typing import Any

from django_tasks import task

from .fan_out import fan_out
from .subscribed import tell_subscribed


@task()
def write_notifications(notice_id: Any) -> int:
    """Write the notifications of a notice."""
    return fan_out(notice_id)


@task()
def tell_who_was_subscribed(day: str, source_ids: list[int], person_ids: list[str] | None) -> int:
    """Tell those whom rules subscribed on this day."""
    return tell_subscribed(date.fromisoformat(day), source_ids, person_ids)
