"""Reading a log line by line: who, what and when; what cannot be used is counted, or stands in the error file."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_personalize.people.importing.error_file import ErrorFile, Problem, whole_line
from wagtail_personalize.people.importing.sources.contract import Line, PeopleSource, Unreadable
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.rules.calendar import months_ago

from ..counting.happened import Counted
from ..kinds import Kind
from ..retention.numbers import FIGURES_MONTHS
from ..steps import MOST_ENGAGED
from .bots import is_bot
from .kinds_of_logs import KindsOfLog
from .log import Hit
from .mapping import LogMapping
from .moments import Moments
from .pages_of_logs import PagesOfLog
from .people_of_logs import PeopleOfLog
from .results import Result

_SAMPLE = 20_000
_CLOCKS_DIFFER = timedelta(minutes=5)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class Reading:
    """Makes hits of lines. ``contents`` are what the numbers of pages stand for."""

    def __init__(self, mapping: LogMapping, result: Result, errors: ErrorFile, measured: set[date]) -> None:
        self.people = PeopleOfLog(mapping.people)
        self.pages = PagesOfLog(mapping)
        self.contents: dict[Counted, int] = {}
        self.moments = Moments(mapping.zone, mapping.time_format)
        self._mapping, self._result, self._errors, self._measured = mapping, result, errors, measured
        self._kinds = KindsOfLog(mapping.types)
        self._sessions: dict[str, int] = {}
        self._latest = timezone.now() + _CLOCKS_DIFFER
        self._oldest = months_ago(today(), FIGURES_MONTHS)
        self._zone = timezone.get_default_timezone()

    def look_at(self, source: PeopleSource) -> None:
        """Find out how the times of this file are written."""
        self._mapping.check(source.columns)
        lines = islice(source.lines(), _SAMPLE)
        self.moments.see(line.cells.get(self._mapping.time, "") for line in lines if isinstance(line, Line))

    def hits(self, source: PeopleSource) -> Iterator[Hit]:
        for line in source.lines():
            self._result.lines += 1
            if isinstance(line, Unreadable):
                self._reject(whole_line(line.number, line.reason))
            elif hit := self._hit(line):
                self._result.taken += 1
                yield hit

    def _hit(self, line: Line) -> Hit | None:
        """In the order in which a line is least likely to be wanted."""
        result = self._result
        if is_bot(self._cell(line, "user_agent")):
            result.bots += 1
        elif (kind := self._kind(line)) is None:
            result.unknown_types[self._cell(line, "type")[:50]] += 1
        elif not (person := self._cell(line, "person").strip(" -")):
            result.nobody += 1
        elif moment := self._moment(line):
            return self._hit_of(line, kind, person, moment)
        return None

    def _hit_of(self, line: Line, kind: Kind, person: str, moment: datetime) -> Hit | None:
        day = moment.astimezone(self._zone).date()
        if day < self._oldest:
            self._result.too_old += 1
        elif day in self._measured:
            self._result.measured += 1
            self._result.measured_days.add(day.toordinal())
        elif (number := self.people.read(person)) is None:
            self._result.objected += 1
        elif (content := self._content(line, kind)) is not None:
            at = int(moment.timestamp() * 1000)
            value, engaged = self._value(line, kind), self._engaged(line, kind)
            return Hit(number, at, content, int(kind), self._session(line), value, engaged)
        return None

    def _kind(self, line: Line) -> Kind | None:
        return self._kinds.read(self._cell(line, "type")) if self._mapping.type else Kind.VIEW

    def _moment(self, line: Line) -> datetime | None:
        text = self._cell(line, "time")
        moment = self.moments.read(text)
        if moment is None:
            self._reject(Problem(line.number, self._mapping.time, _("“%(text)s” is no time.") % {"text": text[:50]}))
        elif not _EARLIEST <= moment <= self._latest:
            self._reject(Problem(line.number, self._mapping.time, _("This time cannot be: %(text)s") % {"text": text}))
            return None
        return moment

    def _content(self, line: Line, kind: Kind) -> int | None:
        words = self._cell(line, "search")
        if kind == Kind.SEARCH and words:
            content = self.pages.search(words)
        elif page := self._cell(line, "page"):
            content = self.pages.read(page, self._cell(line, "title"))
        else:
            self._reject(Problem(line.number, self._mapping.page, _("The line names no page.")))
            return None
        return self.contents.setdefault(content, len(self.contents))

    def _value(self, line: Line, kind: Kind) -> int | None:
        """Of a search the number of results; 1 where it is not known, because nobody may conclude there were none."""
        if kind != Kind.SEARCH:
            return None
        found = _number(self._cell(line, "results"))
        return 1 if found is None else int(found)

    def _engaged(self, line: Line, kind: Kind) -> int | None:
        seconds = _number(self._cell(line, "seconds")) if kind == Kind.VIEW else None
        return None if seconds is None else min(int(seconds), MOST_ENGAGED)

    def _session(self, line: Line) -> int:
        return self._sessions.setdefault(self._cell(line, "session"), len(self._sessions))

    def _cell(self, line: Line, held: str) -> str:
        return line.cells.get(getattr(self._mapping, held), "")

    def _reject(self, problem: Problem) -> None:
        self._errors.add([problem])
        self._result.rejected += 1


def _number(text: str) -> Any:
    """A number that is not negative, or ``None``."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None
