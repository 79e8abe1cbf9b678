"""Importing the log of another system: the one function that the command calls."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from django.db import router, transaction
from django.utils.translation import gettext as _

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.importing.error_file import ErrorFile
from wagtail_personalize.people.importing.sources.contract import ImportRefused, PeopleSource
from wagtail_personalize.people.many_rows import insert_rows
from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.segments.refresh import ensure_today
from wagtail_personalize.setsql import delete_rows

from ..counting.contents import content_ids, places
from ..counting.happened import SITE, Counted
from ..models import DirtyDay, Event, Figures, HourCount
from ..rollup.replacing import Overtaken, replace, version
from ..rollup.spans import DAY, MONTH, spans_with
from ..rollup.spool import Spool
from .counting import Counting, Hours
from .log import Log
from .mapping import LogMapping
from .reading import Reading
from .results import Result
from .visits import visits

Progress = Callable[[int], None]
_ATTEMPTS = 3
_AT_ONCE = 5_000


def import_log(
    sources: Sequence[PeopleSource],
    mapping: LogMapping,
    *,
    dry_run: bool = False,
    error_path: Path | None = None,
    progress: Progress = lambda lines: None,
) -> Result:
    """Count these files as one log, and replace the figures of all days, weeks and months in it.

    What was measured here is left alone, whole weeks and months as soon as one of their days was. A dry run writes
    nothing to the database. Raises ``ImportRefused`` before anything is written when file and mapping do not fit.
    """
    if not rules().is_measured:
        raise ImportRefused(_("Measuring is switched off (MEASUREMENT), so nothing was counted."))
    ensure_today()
    result = Result(dry_run, error_path)
    errors, measured = ErrorFile(error_path), measured_days()
    reading = Reading(mapping, result, errors, measured)
    with Log() as log:
        for source in sources:
            reading.look_at(source)
            result.statements += source.statements()
            for hits in batches(reading.hits(source), _AT_ONCE):
                log.add(hits)
                progress(result.lines)
        errors.sort()
        _tell(result, reading)
        if dry_run:
            _only_count(log, result)
        elif result.taken:
            _write(log, reading, measured, result)
    return result


def measured_days() -> set[date]:
    """The days of which this site has events or figures of its own."""
    figures = Figures.objects.filter(span=DAY, imported=False).order_by().values_list("start", flat=True)
    rows = (figures, *(model.objects.order_by().values_list("day", flat=True) for model in (Event, DirtyDay)))
    return {day for days in rows for day in days.distinct()}


def _tell(result: Result, reading: Reading) -> None:
    result.people, result.found = len(reading.people), len(reading.people.users)
    result.pages, result.pages_elsewhere = len(reading.pages.here), len(reading.pages.elsewhere)


def _only_count(log: Log, result: Result) -> None:
    for visit in visits(log.hits()):
        result.visits += 1
        result.different += len(visit)
    result.duplicates, result.taken = result.taken - result.different, result.different


def _write(log: Log, reading: Reading, measured: set[date], result: Result) -> None:
    ids = _contents(reading)
    counting = Counting(log, reading.people, {n: ids[c] for c, n in reading.contents.items()}, ids[SITE])
    days = counting.make_facts(result)
    wanted = {span for span in spans_with(days) if measured.isdisjoint(span.days())}
    for attempt in range(_ATTEMPTS):
        seen = version()
        try:
            with Spool(counting.figures(wanted)) as rows, transaction.atomic(using=router.db_for_write(Figures)):
                result.figures = replace(wanted, rows, seen=seen)
                _replace_hours({span.start for span in wanted if span.kind == MONTH}, counting.hours)
            return
        except Overtaken:
            if attempt == _ATTEMPTS - 1:
                raise ImportRefused(_("Figures are being made at this moment. Try again later.")) from None


def _contents(reading: Reading) -> dict[Counted, int]:
    """The keys of all contents of the log, of the sections that its pages lie in, and of the site."""
    labels = dict(reading.pages.labels)
    found: dict[str, list] = {}
    for keys in batches(sorted(content.key for content in reading.pages.here), 500):
        found |= places(keys)
    sections = set()
    for key, listed in found.items():
        labels[Counted.page(key)] = listed[0].title
        for section in (place.section for place in listed if place.section):
            sections.add(Counted.section(section.translation_key))
            labels[Counted.section(section.translation_key)] = section.title
    wanted: Iterator[list[Counted]] = batches({*reading.contents, *sections, SITE}, 500)
    return {content: pk for some in wanted for content, pk in content_ids(some, labels).items()}


def _replace_hours(months: Iterable[date], hours: Hours) -> None:
    """Of whole months only: hours of a month in which we measure are counted as they come."""
    months = set(months)
    delete_rows(HourCount.objects.filter(month__in=months))
    rows = [(*key, 0, views) for key, views in hours.items() if key[1] in months]
    for some in batches(rows, _AT_ONCE):
        insert_rows(HourCount, ["segment_id", "month", "weekday", "hour", "shard", "views"], some)
