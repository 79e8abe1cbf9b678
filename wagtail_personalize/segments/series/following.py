"""Keeping a series in step with its values.

A new value gets a segment. A value that is gone loses it, unless something uses it: then it stays, empty, and is marked
until the value is back or nobody uses it any more. Following twice changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .. import versions
from ..admin.changes import Version, told
from ..admin.log_actions import SEGMENT_CHANGED
from ..changing import changing_memberships
from ..log_entries import CREATED, DELETED, log_all, told_elsewhere
from ..models import Segment
from ..usage import where_used
from .models import SegmentSeries, SeriesValue
from .naming import Names, labels, wanted_name
from .values import Value, declared, rule_for, values_of

#: A series makes no more segments than this.
MOST_VALUES = 500


@dataclass
class Followed:
    """What became of the segments of a series, by their names."""

    made: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    #: How many values are left without a segment because there are too many.
    beyond: int = 0


@contextmanager
def saving(series: SegmentSeries) -> Iterator[None]:
    """Around saving a series: its segments follow in the same transaction."""
    with changing_memberships(), told_elsewhere():
        before = SegmentSeries.objects.filter(pk=series.pk).first() if series.pk else None
        yield
        versions.grow(versions.SEGMENTS)
        follow(series)
        if before is not None and before.with_below != series.with_below:
            _ask_anew(series)
        if before is not None and before.category_id != series.category_id:
            _put_into_category(series)


def follow_all() -> None:
    """Bring every series in step."""
    for series in SegmentSeries.objects.order_by("pk"):
        follow(series)


def follow(series: SegmentSeries) -> Followed:
    """Bring one series in step; says what it did. While nothing is known about the values, all segments stay."""
    done = Followed()
    attribute = declared(series.attribute)
    if attribute is None:
        return done
    with changing_memberships(), told_elsewhere():
        values = labels(values_of(attribute, series.with_below))
        rows = {row.value: row for row in series.values.select_related("segment")}
        names = Names()
        _come_back(rows, values, done)
        _rename(series, rows, values, names, done)
        _let_go([row for key, row in rows.items() if key not in values], done)
        _make(series, rows, values, names, done)
    return done


def _come_back(rows: Mapping[str, SeriesValue], values: Mapping[str, Value], done: Followed) -> None:
    back = [row for key, row in rows.items() if row.gone and key in values]
    SeriesValue.objects.filter(pk__in=[row.pk for row in back]).update(gone=False)
    done.back += [row.segment.name for row in back if row.segment]


def _rename(series: SegmentSeries, rows: Mapping, values: Mapping[str, Value], names: Names, done: Followed) -> None:
    """A name that ends in a number is one that was taken; it stays until the label changes."""
    changes = []
    for key, row in rows.items():
        if row.segment is None or key not in values:
            continue
        wanted, present = wanted_name(series, values[key]), row.segment.name
        if present == wanted or present.startswith(f"{wanted[:140]} ("):
            continue
        row.segment.name = names.name(wanted, present)
        row.segment.save(update_fields=["name", "updated_at"])
        done.renamed.append(row.segment.name)
        changes.append((row.segment, {"name": {"before": present, "after": row.segment.name}}))
    log_all(SEGMENT_CHANGED, changes)


def _let_go(lost: list[SeriesValue], done: Followed) -> None:
    used = [row for row in lost if row.segment and where_used(row.segment)]
    unused = [row for row in lost if row not in used]
    done.gone += [row.segment.name for row in used if not row.gone]
    SeriesValue.objects.filter(pk__in=[row.pk for row in used if not row.gone]).update(gone=True)
    segments = [row.segment for row in unused if row.segment]
    done.deleted += [segment.name for segment in segments]
    SeriesValue.objects.filter(pk__in=[row.pk for row in unused]).delete()
    if segments:
        log_all(DELETED, [(segment, {}) for segment in segments])
        Segment.objects.filter(pk__in=[segment.pk for segment in segments]).delete()


def _make(series: SegmentSeries, rows: Mapping, values: Mapping[str, Value], names: Names, done: Followed) -> None:
    attribute = declared(series.attribute)
    new = [value for key, value in values.items() if key not in rows]
    room = max(0, MOST_VALUES - sum(1 for row in rows.values() if row.segment and not row.gone))
    new, done.beyond = new[:room], max(0, len(new) - room)
    if not new:
        return
    made = [
        Segment(
            name=names.name(wanted_name(series, value)),
            slug=names.slug(series, value),
            category_id=series.category_id,
            rule=rule_for(attribute, value, series.with_below),
        )
        for value in new
    ]
    Segment.objects.bulk_create(made)
    stored = {one.slug: one for one in Segment.objects.filter(slug__in=[one.slug for one in made]).order_by()}
    SeriesValue.objects.bulk_create(
        SeriesValue(series=series, value=value.key, segment=stored[segment.slug])
        for value, segment in zip(new, made, strict=True)
    )
    log_all(CREATED, [(segment, {}) for segment in stored.values()])
    done.made += [segment.name for segment in made]


def rules_anew(series: SegmentSeries) -> list[tuple[Segment, dict[str, Any]]]:
    """With or without everything below: the rules of all segments say it."""
    attribute = declared(series.attribute)
    values = labels(values_of(attribute, series.with_below)) if attribute else {}
    rows = series.values.select_related("segment").exclude(segment=None)
    return [
        (row.segment, rule_for(attribute, values[row.value], series.with_below)) for row in rows if row.value in values
    ]


def _ask_anew(series: SegmentSeries) -> None:
    changes = []
    for segment, rule in rules_anew(series):
        before, segment.rule = segment.rule, rule
        segment.save()
        changes.append((segment, told(Version(rule=before), Version(rule=rule))))
    log_all(SEGMENT_CHANGED, [(segment, data) for segment, data in changes if data])


def _put_into_category(series: SegmentSeries) -> None:
    segments = Segment.objects.filter(series_value__series=series).exclude(category=series.category_id)
    after, changed = str(series.category or ""), list(segments.select_related("category"))
    Segment.objects.filter(series_value__series=series).update(category=series.category_id)
    log_all(
        SEGMENT_CHANGED,
        [(one, {"category": {"before": str(one.category or ""), "after": after}}) for one in changed],
    )
