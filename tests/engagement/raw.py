"""Raw events without anybody who caused them, and what must come of them, counted the slow and obvious way."""

from collections import defaultdict
from datetime import date, timedelta
from statistics import median_low
from uuid import UUID, uuid4

from wagtail_personalize.engagement.kinds import INTERACTIONS, Kind
from wagtail_personalize.engagement.models import ALL, Content, Event, Figures, SegmentEvent
from wagtail_personalize.engagement.rollup.closing import mark
from wagtail_personalize.engagement.rollup.spans import Span, spans_with
from wagtail_personalize.engagement.rollup.tallies import COLUMNS

NAMES = {
    Kind.CLICK: "clicks",
    Kind.DOWNLOAD: "downloads",
    Kind.MEDIA: "media",
    Kind.REACTION: "reactions",
    Kind.COMMENT: "comments",
    Kind.SHARE: "shares",
    Kind.BOOKMARK: "bookmarks",
    Kind.FOLLOW: "follows",
    Kind.MAIL_ACCEPTED: "mails_accepted",
    Kind.MAIL_CLICK: "mail_clicks",
}


def content(type=Content.Type.PAGE, key=None, **fields):
    """A page that is gone, if nothing else is said."""
    key = str(uuid4()) if key is None else key
    return Content.objects.get_or_create(type=type, key=key, defaults=fields)[0]


def bridge_of(person, day):
    """Another number for the same person, in weeks that two months share."""
    return person + 1_000_000 if Span.week_of(day).is_shared else None


def pseudonym_of(person, day):
    """One number for each person and month."""
    return person * 100 + day.month


def event(
    about, day, kind=Kind.VIEW, person=1, *, value=None, load=None, meant=False, segment=None, channel="", save=True
):
    """Something that person number ``person`` did; ``load`` may be any number."""
    fields = {
        "content": about,
        "day": day,
        "kind": kind,
        "value": value,
        "pseudonym": pseudonym_of(person, day),
        "bridge": bridge_of(person, day),
        "load": UUID(int=load) if isinstance(load, int) else load,
        "in_audience": meant,
    }
    made = SegmentEvent(segment=segment, **fields) if segment else Event(channel=channel, **fields)
    if save:
        made.save()
        mark([day])
    return made


def view(about, day, person=1, *, seconds=None, scrolled=None, **fields):
    """A view, with what was told of it."""
    load = uuid4()
    event(about, day, Kind.VIEW, person, load=load, **fields)
    if seconds is not None:
        event(about, day, Kind.ENGAGED, person, load=load, value=seconds, **fields)
    if scrolled is not None:
        event(about, day, Kind.SCROLL, person, load=load, value=scrolled, **fields)


def figures(about, day, span=Figures.Span.DAY, segment=ALL):
    """The figures of the span in which ``day`` lies."""
    start = next(one.start for one in spans_with([day]) if one.kind == span)
    segment = getattr(segment, "pk", segment)
    return Figures.objects.get(content=about, span=span, start=start, segment_id=segment)


def stored():
    """All figures, as they can be compared."""
    keys = ("content_id", "segment_id", "span", "start")
    rows = Figures.objects.values_list(*keys, *COLUMNS)
    return {row[:4]: dict(zip(COLUMNS, row[4:], strict=True)) for row in rows}


def reference(events):
    """What ``stored`` has to be for these events (unsaved will do)."""
    groups = defaultdict(list)
    for one in events:
        for span in spans_with([one.day]):
            groups[one.content_id, getattr(one, "segment_id", ALL), str(span.kind), span.start].append(one)
    found = {key: _numbers_of(rows, Span(*key[2:]).is_shared) for key, rows in groups.items()}
    return {key: numbers for key, numbers in found.items() if any(numbers.values())}


def _numbers_of(rows, is_shared):
    def people(*kinds, meant=False):
        chosen = [one for one in rows if one.kind in kinds and (one.in_audience or not meant)]
        return len({one.bridge if is_shared else one.pseudonym for one in chosen})

    def number(kind, when=lambda value: True):
        return sum(one.kind == kind and when(one.value or 0) for one in rows)

    viewed = {one.load for one in rows if one.kind == Kind.VIEW and one.load}
    furthest = defaultdict(lambda: defaultdict(int))
    for one in rows:
        if one.kind in (Kind.ENGAGED, Kind.SCROLL) and one.load in viewed and one.value is not None:
            furthest[one.kind][one.load] = max(furthest[one.kind][one.load], one.value)
    times, scrolls = furthest[Kind.ENGAGED].values(), furthest[Kind.SCROLL].values()
    return {
        "reached": people(Kind.IMPRESSION, Kind.VIEW, meant=True),
        "seers": people(Kind.IMPRESSION, Kind.VIEW),
        "viewers": people(Kind.VIEW),
        "participants": people(*INTERACTIONS),
        "searchers": people(Kind.SEARCH),
        "impressions": number(Kind.IMPRESSION),
        "views": number(Kind.VIEW),
        "timed_views": len(times),
        "engaged_median": median_low(times) if times else None,
        **{f"scrolled_{share}": sum(one >= share for one in scrolls) for share in (25, 50, 75, 100)},
        **{name: number(kind) for kind, name in NAMES.items()},
        "helpful": number(Kind.HELPFUL, lambda value: value > 0),
        "unhelpful": number(Kind.HELPFUL, lambda value: value == 0),
        "searches": number(Kind.SEARCH),
        "searches_without_result": number(Kind.SEARCH, lambda value: value == 0),
        "visits": number(Kind.VISIT),
        "bounces": number(Kind.VISIT, lambda value: value > 0),
    }


def days(first, number):
    return [first + timedelta(days=n) for n in range(number)]


MONDAY = date(2026, 3, 2)
