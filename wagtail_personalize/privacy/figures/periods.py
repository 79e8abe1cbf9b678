"""Spans of time that are over."""

from datetime import date, timedelta

#: Events may come so late.
LATE = timedelta(days=2)


def end_of(span: str, start: date) -> date:
    """The last day of the day, week or month that begins on ``start``."""
    if span == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start + timedelta(days=6 if span == "week" else 0)


def is_closed(span: str, start: date, today: date) -> bool:
    """Whether nothing can come any more: the span is over, and so is the time for late events."""
    return end_of(span, start) + LATE < today
