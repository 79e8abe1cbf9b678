"""From hits to the figures of whole spans, in memory: a content and a group at a time, as in the roll-up."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils import timezone

from wagtail_personalize.targeting.clauses import holds

from ..kinds import Kind
from ..models import ALL, ReportingSegment
from ..rollup.audience_sizes import AudienceSizes
from ..rollup.contents import Contents
from ..rollup.counting import count
from ..rollup.replacing import figures_row
from ..rollup.spans import Span
from ..rollup.tallies import GroupDay
from .log import Fact, Log
from .people_of_logs import PeopleOfLog
from .results import Result
from .visits import is_bounce, visits

#: ``(segment, month, weekday, hour)``
Hours = Counter[tuple[int, date, int, int]]
_day_of = lru_cache(maxsize=5_000)(date.fromordinal)


class Counting:
    """Counts a log. ``ids`` are the contents behind the numbers of pages, ``site`` that of the site."""

    def __init__(self, log: Log, people: PeopleOfLog, ids: Mapping[int, int], site: int) -> None:
        self.hours: Hours = Counter()
        self._log, self._ids, self._site, self._users = log, ids, site, people.users
        self._reported = frozenset(ReportingSegment.objects.order_by().values_list("segment_id", flat=True))
        self._contents = Contents()
        self._sizes = AudienceSizes(self._contents, self._reported)
        self._zone = timezone.get_default_timezone()
        self._spells = people.spells(self._sizes.segments)
        own = ((person, *one) for person, of in self._spells.items() for one in of if one.segment in self._reported)
        log.add_spells(own)
        log.add_wholes((pk, whole) for pk in set(ids.values()) for whole in self._contents.above(pk))

    def make_facts(self, result: Result) -> set[date]:
        """Put hits and visits on their days; returns the days."""
        days: set[int] = set()
        self._log.add_facts(self._facts(result, days))
        result.duplicates, result.taken = result.taken - result.different, result.different
        result.days = len(days)
        return set(map(_day_of, days))

    def _facts(self, result: Result, days: set[int]) -> Iterator[Fact]:
        for visit in visits(self._log.hits()):
            result.visits += 1
            result.different += len(visit)
            day = self._local(visit[0].at).toordinal()
            days.add(day)
            yield Fact(self._site, day, visit[0].person, int(Kind.VISIT), int(is_bounce(visit)), None)
            for hit in visit:
                moment = self._local(hit.at)
                days.add(day := moment.toordinal())
                if hit.kind == Kind.VIEW:
                    self._count_hour(hit.person, moment)
                yield Fact(self._ids[hit.page], day, hit.person, hit.kind, hit.value, hit.engaged)

    def figures(self, wanted: Collection[Span]) -> Iterator[tuple[Any, ...]]:
        """Rows for ``rollup.replacing``."""
        for content, segment, span, numbers in count(self._portions(), wanted, self._contents):
            audience = self._sizes.of(content, segment, span) if self._users else None
            yield figures_row(content, segment, span, audience, numbers, imported=True)

    def _portions(self) -> Iterator[Iterator[GroupDay]]:
        for _content_and_segment, facts in groupby(self._log.facts(), itemgetter(0, 1)):
            yield (self._group_day(key, rows) for key, rows in groupby(facts, itemgetter(0, 1, 2)))

    def _group_day(self, key: tuple[int, int, int], rows: Iterable[tuple[Any, ...]]) -> GroupDay:
        content, segment, day = key
        found = GroupDay(content, segment, _day_of(day), [], [], [], [], (), [], [])
        for _content, _segment, _day, person, kind, value, engaged in rows:
            if kind not in (Kind.VIEW, Kind.IMPRESSION):
                found.deeds.append(2 * kind + bool(value))
                found.doers.append(person)
                continue
            (found.views if kind == Kind.VIEW else found.impressions).append(person)
            if self._is_meant(content, person, day):
                found.meant.append(person)
            if kind == Kind.VIEW and engaged is not None:
                found.times.append(engaged)
        return found

    def _is_meant(self, content: int, person: int, day: int) -> bool:
        if person not in self._users or content not in self._contents.meant:
            return False
        meant = self._contents.meant[content]
        mine = self._segments(person, day) if meant else frozenset()
        return meant is None or any(holds(needs, mine) for needs in meant)

    def _segments(self, person: int, day: int) -> frozenset[int]:
        return frozenset(one.segment for one in self._spells.get(person, ()) if one.first <= day <= one.last)

    def _count_hour(self, person: int, moment: datetime) -> None:
        mine = self._segments(person, moment.toordinal()) & self._reported
        for segment in (ALL, *mine):
            self.hours[segment, moment.date().replace(day=1), moment.weekday(), moment.hour] += 1

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._zone)
