"""Somebody who wants to know what a rendering asked about its viewer; a cache does, to know what the result depends on.

A viewer tells its listener, if it has one, whatever it is asked. What cannot be told more precisely is told as *all
segments* or *personal*, so whoever forgets to say what a question was about makes a result less useful, never wrong.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol


class Listener(Protocol):
    """What a viewer is asked, from the most harmless to the most personal."""

    def segments(self, ids: Iterable[int]) -> None:
        """Whether the viewer is in these segments."""

    def audiences(self, among: Any, mode: str) -> None:
        """Which audiences the viewer passes, of those with these ids or of the pages in a queryset; ``None``: any.

        ``mode`` is ``"access"`` or ``"recommendation"``.
        """

    def fact(self, name: str) -> None:
        """Something that is true or false of the viewer: ``"known"`` (somebody is signed in)."""

    def moment(self, *moments: datetime | None) -> None:
        """The answer may become another one at these times."""

    def all_segments(self) -> None:
        """All segments of the viewer, without saying what for."""

    def personal(self, what: str) -> None:
        """Who the viewer is."""
