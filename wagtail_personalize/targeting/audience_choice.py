"""What an editor chose for one block: segments included and excluded, perhaps a start and an end.

It is stored as one light value in the block itself, by segment UUID::

    None                                                        # everyone, always
    {"include": [uuid, …], "exclude": [uuid, …], "starts": "2026-11-21T08:00", "ends": None}

A value that cannot be read lets nobody pass.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from wagtail_personalize.segments.viewer import Viewer

from .clauses import Clause, passes

FIRST_YEAR, LAST_YEAR = 1900, 9998


@dataclass(frozen=True)
class AudienceChoice:
    """Who is meant, and from when (inclusive) until when (exclusive)."""

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    starts: datetime | None = None
    ends: datetime | None = None
    #: The stored value made no sense: nobody is meant.
    unreadable: bool = False

    @classmethod
    def from_raw(cls, raw: Any) -> "AudienceChoice":
        """Read the stored form. Times without a zone are in the site's; a day without a time ends at its midnight."""
        if not raw:
            return EVERYONE if raw is None or raw == {} else NOBODY
        try:
            return cls(
                _uuids(raw.get("include")),
                _uuids(raw.get("exclude")),
                _moment(raw.get("starts")),
                _moment(raw.get("ends"), end=True),
            )
        except (AttributeError, TypeError, ValueError, OverflowError):
            return NOBODY

    def to_raw(self) -> dict[str, Any] | None:
        """The form to store; ``None`` for everyone."""
        if self.is_everyone:
            return None
        return {
            "include": sorted(self.include),
            "exclude": sorted(self.exclude),
            "starts": self.starts.isoformat() if self.starts else None,
            "ends": self.ends.isoformat() if self.ends else None,
        }

    @property
    def is_everyone(self) -> bool:
        """Nobody is left out, at no time: no question needs to be asked."""
        return self.clause.is_everyone and not (self.starts or self.ends or self.unreadable)

    @property
    def local_starts(self) -> str:
        """The start as a ``datetime-local`` input takes it: in the site's time zone, to the minute; empty if none."""
        return _local(self.starts)

    @property
    def local_ends(self) -> str:
        return _local(self.ends)

    @property
    def clause(self) -> Clause:
        return Clause(self.include, self.exclude)

    def is_running(self, now: datetime | None = None) -> bool:
        """Whether the time has come and is not over."""
        if self.starts is None and self.ends is None:
            return True
        now = now or timezone.now()
        return (self.starts is None or self.starts <= now) and (self.ends is None or now < self.ends)

    def matches(self, viewer: Viewer, now: datetime | None = None) -> bool:
        """Whether this is for the viewer, now. Marks the viewer when that depended on who looks."""
        if viewer.listener is not None:
            viewer.listener.moment(self.starts, self.ends)
        if self.unreadable or not self.is_running(now):
            return False
        if not self.include and not self.exclude:
            return True
        viewer.mark()
        return passes((self.clause,), viewer)


EVERYONE = AudienceChoice()
NOBODY = AudienceChoice(unreadable=True)


def _uuids(raw: Any) -> frozenset[str]:
    if raw is not None and not isinstance(raw, (list, tuple)):
        raise TypeError("A list of segments is expected.")
    return frozenset(str(UUID(uuid)) for uuid in raw or ())


def _local(moment: datetime | None) -> str:
    if moment is None:
        return ""
    try:
        return moment.astimezone(timezone.get_default_timezone()).strftime("%Y-%m-%dT%H:%M")
    except OverflowError:
        return ""


def _moment(raw: Any, *, end: bool = False) -> datetime | None:
    if raw in (None, ""):
        return None
    if len(raw) == 10:
        moment = datetime.combine(date.fromisoformat(raw) + timedelta(days=end), time.min)
    else:
        moment = datetime.fromisoformat(raw)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("A year this far away is a slip, and cannot be counted in every time zone.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment, timezone.get_default_timezone())
