"""Finds out what a rendering uses, while it goes on.

There is one recorder for a request. It listens to the viewer, to the database connections and to the request, and keeps
a stack: the page, and the fragments that are being rendered in it. What a fragment used counts for whatever is around
it; what was asked around it counts for the fragment only as far as the answer was passed on to it (``scopes.py``).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from django.db import connections
from django.http import HttpRequest

from wagtail_personalize.segments.models import Membership, Segment, StateVersion
from wagtail_personalize.segments.state_query import MARK
from wagtail_personalize.segments.viewer import Viewer

from ..blocks.verdicts import NotKept
from .scopes import EVERYWHERE, PRINTED, open_scopes, scope_of_question
from .tables import never_shown_tables, tables_read, tables_written, writes
from .uses import Uses, next_of
from .watched_request import watched

_ATTRIBUTE = "_personalize_recorder"


class Rendering:
    """A page or a fragment while it is being rendered."""

    def __init__(self, inherited: Uses | None = None) -> None:
        self.uses = Uses()
        #: What was passed on, by where it went.
        self.passed: dict[str | int, Uses] = {EVERYWHERE: Uses()}
        if inherited:
            self.note(inherited, EVERYWHERE)

    def note(self, uses: Uses, scope: str | int) -> None:
        self.uses.add(uses)
        if scope != PRINTED:
            self.passed.setdefault(scope, Uses()).add(uses)

    def inherited(self) -> Uses:
        """What reaches a fragment that begins now. What was read may have been kept anywhere, so all of it does."""
        found = Uses(tables=set(self.uses.tables), until=self.uses.until)
        for scope in {EVERYWHERE, *open_scopes()}:
            if scope in self.passed:
                found.add(self.passed[scope])
        return found


class Recorder:
    """The listener of one request; see ``segments.listening.Listener`` for the questions."""

    def __init__(self, request: HttpRequest, viewer: Viewer) -> None:
        self.request, self.viewer = request, viewer
        self.stack = [Rendering()]
        self._exits = ExitStack()
        self._own = {model._meta.db_table for model in (Membership, Segment, StateVersion)}
        setattr(request, _ATTRIBUTE, self)

    def start(self) -> None:
        """Listen from now on, until ``stop``."""
        self.viewer.listener = self
        self.viewer.__dict__["_block_verdicts"] = NotKept()
        for connection in connections.all():  # also those that nobody has asked yet
            self._exits.enter_context(connection.execute_wrapper(self.statement))
        self._exits.enter_context(watched(self.request, self.personal, self.fact))

    def stop(self) -> None:
        if self.viewer.listener is self:
            self.viewer.listener = None
            self.viewer.__dict__.pop("_block_verdicts", None)
        self._exits.close()

    @property
    def uses(self) -> Uses:
        return self.stack[-1].uses

    @contextmanager
    def fragment(self) -> Iterator[Uses]:
        """What is rendered inside is a fragment; gives what it uses, complete at the end."""
        rendering = Rendering(self.stack[-1].inherited())
        self.stack.append(rendering)
        try:
            yield rendering.uses
        finally:
            self.stack.pop()
            self.uses.add(rendering.uses)

    def segments(self, ids: Iterable[int]) -> None:
        self._note(Uses(segments=set(ids)))

    def audiences(self, among: Any, mode: str) -> None:
        if among is None:
            self._note(Uses(any_audience=True))
        elif hasattr(among, "query"):
            self._note(Uses(pages=[(among, mode)]))
        else:
            self._note(Uses(audiences=set(among)))

    def fact(self, name: str) -> None:
        self._note(Uses(facts={name}))

    def moment(self, *moments: datetime | None) -> None:
        self._note(Uses(until=next_of(moments)))

    def all_segments(self) -> None:
        self._note(Uses(refused="all segments of the viewer were read"))

    def personal(self, what: str) -> None:
        self._note(Uses(refused=f"{what} was read"))

    def refuse(self, why: str) -> None:
        """Nothing that is being rendered may be stored, nor anything that follows."""
        for rendering in self.stack:
            rendering.note(Uses(refused=why), EVERYWHERE)

    def statement(self, execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """For the connections: notes the tables that are read."""
        result = execute(sql, params, many, context)
        text = sql if isinstance(sql, str) else str(sql)
        if writes(text):
            if tables_written(text):
                self.refuse("something was written")
            return result
        tables = tables_read(text)
        if text.startswith(MARK):
            tables -= self._own
        if unshown := next(iter(tables & never_shown_tables()), None):
            self._note(Uses(refused=f"{unshown} was read"))
        self.uses.tables.update(tables)
        return result

    def _note(self, uses: Uses) -> None:
        self.stack[-1].note(uses, scope_of_question())


def recorder_of(request: HttpRequest | None) -> Recorder | None:
    """The recorder that listens to this request; ``None`` when nobody does."""
    recorder = getattr(request, _ATTRIBUTE, None)
    return recorder if recorder is not None and recorder.viewer.listener is recorder else None
