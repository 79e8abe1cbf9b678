"""Which of the events in a beacon are believed.

A beacon is the token of the view, a new line, and JSON: ``l`` a random number of the page load, ``t`` when it was,
``c`` where it came from, and ``e`` the events: ``[number, kind, value, token of a teaser]``. The token says who and
where; time and values are believed within its limits only.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..counting.balances import Outcome
from ..counting.happened import SITE, Counted, Happened
from ..kinds import Channel, Kind
from ..steps import MOST_ENGAGED
from .tokens import ViewToken, page_of

MOST_BYTES = 8 * 1024
MOST_EVENTS = 20
#: An event that waited longer is not stored any more.
SECONDS_LATE = 48 * 60 * 60
#: So much longer than the clock allows engaged time may be.
_TOLERANCE = 5
_MOST_NUMBER = 100_000

CHANNELS = frozenset(channel for channel in Channel.values if channel)
_LOAD = re.compile(r"[0-9a-f]{32}")
_SCROLLED = frozenset({25, 50, 75, 100})
_WITHOUT_VALUE = frozenset({Kind.IMPRESSION, Kind.VIEW, Kind.CLICK, Kind.DOWNLOAD, Kind.MEDIA})
#: What goes first when there is too much: the next one says more.
HEARTBEATS = frozenset({Kind.ENGAGED, Kind.SCROLL})


class Beacon(NamedTuple):
    """What a browser sent: the view it is about, and events that nobody has looked at yet."""

    view: ViewToken
    load: str
    told_at: int
    channel: str
    entries: list[Any]

    def without_heartbeats(self) -> "Beacon":
        return self._replace(entries=[entry for entry in self.entries if not _is_heartbeat(entry)])

    def as_sent(self) -> bytes:
        told = {"l": self.load, "t": self.told_at, "c": self.channel, "e": self.entries}
        return f"{self.view.signed()}\n{json.dumps(told)}".encode()


def token_in(body: bytes) -> bytes:
    """The token of a beacon that nobody has read yet."""
    return body[: max(0, body.find(b"\n"))]


def read_beacon(body: bytes, received: float) -> Beacon | None:
    """``None`` for what cannot be read, is forged, or holds too much: such a beacon counts as one event."""
    token = token_in(body)
    try:
        given = json.loads(body[len(token) :])
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not _is_list(given.get("e")):
        return None
    load, told_at, channel = given.get("l"), given.get("t"), given.get("c")
    view = ViewToken.read(token.decode("latin1"), received)
    if view is None or not isinstance(load, str) or not _LOAD.fullmatch(load):
        return None
    told_at = told_at if type(told_at) is int else view.issued
    channel = channel if isinstance(channel, str) and channel in CHANNELS else ""
    return Beacon(view, load, told_at, channel, given["e"])


def believed(beacon: Beacon, received: float, now: float) -> tuple[list[Happened], Outcome]:
    """The events of a beacon that was received at ``received``, and what became of the others."""
    if now - received > SECONDS_LATE:
        return [], Outcome(rejected=len(beacon.entries))
    events = list(_events(beacon, received))
    return events, Outcome(rejected=len(beacon.entries) - len(events))


def _events(beacon: Beacon, received: float) -> Iterator[Happened]:
    at = datetime.fromtimestamp(min(max(beacon.told_at, beacon.view.issued), max(received, beacon.view.issued)), UTC)
    for entry in beacon.entries:
        found = _entry(entry, int(received) - beacon.view.issued)
        if found is None:
            continue
        number, kind, value, teaser = found
        content = _content(kind, teaser, beacon)
        if content is None:
            continue
        yield Happened(
            beacon.view.person,
            content,
            kind,
            at,
            value,
            token=f"{beacon.load} {'view' if kind == Kind.VIEW else number}",
            load=beacon.load if content.type == content.page("").type and not teaser else "",
            channel=beacon.channel if kind == Kind.VIEW else "",
        )


def _entry(entry: Any, lasted: int) -> tuple[int, Kind, int | None, Any] | None:
    """Number, kind, value and teaser, if they make sense for a view that lasted so many seconds."""
    if not isinstance(entry, list) or not 2 <= len(entry) <= 4:
        return None
    number, kind, value, teaser = (*entry, None, None)[:4]
    if type(number) is not int or not 0 <= number <= _MOST_NUMBER or type(kind) is not int:
        return None
    if not _is_right(kind, value, lasted) or (teaser is not None) != (kind == Kind.IMPRESSION):
        return None
    return number, Kind(kind), value, teaser


def _is_right(kind: int, value: Any, lasted: int) -> bool:
    if kind in _WITHOUT_VALUE:
        return value is None
    if type(value) is not int:
        return False
    if kind == Kind.ENGAGED:
        return 0 <= value <= min(MOST_ENGAGED, lasted + _TOLERANCE)
    return value in (_SCROLLED if kind == Kind.SCROLL else {0, 1} if kind == Kind.VISIT else ())


def _content(kind: Kind, teaser: Any, beacon: Beacon) -> Counted | None:
    if kind == Kind.VISIT:
        return SITE
    if kind == Kind.IMPRESSION:
        page = page_of(teaser)
        return page and Counted.page(page)
    return Counted.page(beacon.view.page)


def _is_list(entries: Any) -> bool:
    return isinstance(entries, list) and 0 < len(entries) <= MOST_EVENTS


def _is_heartbeat(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) > 1 and type(entry[1]) is int and entry[1] in HEARTBEATS
