"""Half a year of reading in the sample intranet: figures of past months as if from another system, then raw events."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from django.contrib.auth import get_user_model
from wagtail.models import Page

from example_site.home.models import NewsPage
from wagtail_personalize.engagement.counting.contents import places
from wagtail_personalize.engagement.counting.happened import SITE, Counted, Happened
from wagtail_personalize.engagement.counting.meant_for import MeantFor
from wagtail_personalize.engagement.counting.storing import store
from wagtail_personalize.engagement.history.mapping import LogMapping
from wagtail_personalize.engagement.history.run import import_log
from wagtail_personalize.engagement.kinds import Channel, Kind
from wagtail_personalize.engagement.models import Figures, ReportingSegment
from wagtail_personalize.engagement.rollup.run import roll_up
from wagtail_personalize.engagement.rollup.spans import first_of_month
from wagtail_personalize.people.importing.sources.contract import Line, PeopleSource
from wagtail_personalize.segments.models import Membership, Segment
from wagtail_personalize.targeting.models import EffectiveAudience

from .habits import Act, Habits, Reader, ReadPage

REPORTED = (
    *("office-workers", "shop-floor", "sales-organisation", "managers"),
    *("munich-people", "landshut-plant", "utrecht-people", "london-office"),
)
MONTHS = 6
#: So many days at least are there as raw events.
RAW_DAYS = 10
_DAY = timedelta(days=1)

#: Below which of a hundred a view came by which channel.
CHANNELS = (
    *((58, Channel.SITE), (70, Channel.DIGEST), (77, Channel.BELL), (83, Channel.MAIL), (92, Channel.SEARCH)),
    *((94, Channel.FEED), (100, Channel.DIRECT)),
)


def load_engagement(segments: dict[str, Segment], today: date) -> int:
    """Mark the reporting segments and fill their figures, the first time only; returns how many figures there are."""
    for slug in REPORTED:
        ReportingSegment.objects.get_or_create(segment=segments[slug])
    if not Figures.objects.exists():
        habits = _habits()
        begin = first_of_month(today - RAW_DAYS * _DAY)
        first = first_of_month(begin - 30 * (MONTHS - 1) * _DAY)
        mapping = LogMapping.from_dict({name: name for name in _Log.columns} | {"people": "username", "pages_by": "id"})
        import_log([_Log(habits, first, begin)], mapping)
        store(chain.from_iterable(map(_happened, _acts(habits, begin, today))))
        roll_up()
    return Figures.objects.count()


class _Log(PeopleSource):
    """What another system would have written, without a file."""

    name = "demonstration"
    fingerprint = ""
    columns = ["time", "person", "page", "type", "seconds", "search", "results"]

    def __init__(self, habits: Habits, first: date, end: date) -> None:
        self._habits, self._first, self._end = habits, first, end

    def lines(self) -> Iterator[Line]:
        acts = _acts(self._habits, self._first, self._end)
        for number, act in enumerate((act for act in acts if act.page or act.words), start=2):
            yield Line(number, _cells(act))


def _acts(habits: Habits, first: date, end: date) -> Iterator[Act]:
    for ordinal in range(first.toordinal(), end.toordinal()):
        yield from habits.of_day(date.fromordinal(ordinal))


def _cells(act: Act) -> dict[str, str]:
    return {
        "time": act.at.isoformat(),
        "person": act.reader.username,
        "page": str(act.page.pk) if act.page else "",
        "type": act.kind.name.lower(),
        "seconds": "" if act.seconds is None else str(act.seconds),
        "search": act.words,
        "results": "" if act.value is None else str(act.value),
    }


def _happened(act: Act) -> Iterator[Happened]:
    """As the browser of this reader would have told it."""
    content, label = _content(act)
    common = {"person": act.reader.person, "content": content, "at": act.at, "load": act.load}
    yield Happened(kind=act.kind, value=act.value, label=label, channel=_channel(act), **common)
    if act.seconds is not None:
        yield Happened(kind=Kind.ENGAGED, value=act.seconds, **common)


def _channel(act: Act) -> str:
    """Most views come from another page of the site, those of the start page from nowhere."""
    if act.kind != Kind.VIEW or act.page.is_start:
        return ""
    drawn = int(act.load, 16) % 100
    return next(channel for below, channel in CHANNELS if drawn < below)


def _content(act: Act) -> tuple[Counted, str]:
    """What it was done with, and how that is called."""
    if act.page:
        return Counted.page(act.page.key), ""
    if act.kind in (Kind.MAIL_ACCEPTED, Kind.MAIL_CLICK):
        return Counted.mailing("digest"), "Digest"
    return (Counted.search(act.words), act.words) if act.words else (SITE, "")


def _habits() -> Habits:
    readers, pages = _readers(), _pages()
    found = places({page.key for page in pages})
    meant_for = MeantFor({Counted.page(page.key) for page in pages}, found)
    return Habits(readers, pages, lambda key, segments: meant_for.includes(Counted.page(key), segments))


def _readers() -> list[Reader]:
    mine: dict[int, dict[int, str]] = {}
    for person, pk, slug in Membership.objects.values_list("person_id", "segment_id", "segment__slug"):
        mine.setdefault(person, {})[pk] = slug
    users = get_user_model().objects.filter(pk__in=mine, is_active=True).order_by("pk")
    return [
        Reader(pk, username, frozenset(mine[pk].values()), frozenset(mine[pk]))
        for pk, username in users.values_list("pk", "username")
    ]


def _pages() -> list[ReadPage]:
    news = dict(NewsPage.objects.values_list("pk", "published"))
    restricted = set(EffectiveAudience.objects.filter(access__isnull=False).values_list("page_id", flat=True))
    pages = Page.objects.live().filter(depth__gt=1).order_by("pk")  # personalize: everybody
    return [
        ReadPage(
            page.pk,
            str(page.translation_key),
            page.title,
            _day(news.get(page.pk)),
            page.depth == 2,
            page.pk in restricted,
        )
        for page in pages
    ]


def _day(moment) -> date | None:
    return moment.date() if moment else None
