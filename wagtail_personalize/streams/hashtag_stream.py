"""The stream of a hashtag: the pages with it that a viewer may open, newest first.

A hashtag that is used only in pages that the viewer may not open does not exist for them. Synonyms count as what they
stand for; of a page in several languages one is shown, the viewer's if there is one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from wagtail.models import Page

from wagtail_personalize.people.folding import text_hash
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.languages import active_locale

from .formats.models import Format, PageFormat
from .hashtags import key_of
from .models import Hashtag, HashtagUse
from .open_pages import open_pages

ITEMS_PER_PAGE = 20


@dataclass(frozen=True)
class Place:
    """Where a part of the stream ended: the next one begins behind it."""

    moment: datetime
    page_id: Any

    def __str__(self) -> str:
        return f"{int(self.moment.timestamp() * 1_000_000)}-{self.page_id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """What ``str`` wrote; ``None`` for anything else, which begins at the top."""
        micros, _dash, page_id = text.partition("-")
        try:
            seconds, rest = divmod(int(micros), 1_000_000)
            return cls(datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest), int(page_id))
        except (ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True)
class Part:
    """Some pages of a stream; ``after`` is where it goes on, if it does."""

    pages: list[Page]
    after: Place | None


def hashtag_for(text: str, viewer: Viewer) -> Hashtag | None:
    """The hashtag written as ``text``, or what it stands for, if it exists for ``viewer``."""
    found = Hashtag.objects.select_related("synonym_of").filter(digest=text_hash(key_of(text))).first()
    if found is None:
        return None
    main = found.synonym_of or found
    if found.blocked or main.blocked or not uses_of(main, viewer).exists():
        return None
    return main


def visible_uses(viewer: Viewer) -> QuerySet[HashtagUse]:
    """The uses that exist for ``viewer``: of hashtags that are not blocked, in pages that they may open."""
    uses = HashtagUse.objects.filter(Exists(open_pages(viewer).filter(pk=OuterRef("page_id"))))
    blocked = Q(hashtag__blocked=True) | Q(hashtag__synonym_of__blocked=True)
    return uses.exclude(blocked).annotate(main=Coalesce("hashtag__synonym_of_id", "hashtag_id"))


def uses_of(hashtag: Hashtag, viewer: Viewer) -> QuerySet[HashtagUse]:
    """The visible uses of a hashtag and of what stands for it."""
    return visible_uses(viewer).filter(hashtag__in=hashtag.ids)


def stream(
    hashtag: Hashtag,
    viewer: Viewer,
    after: Place | None = None,
    number: int = ITEMS_PER_PAGE,
    format: Format | None = None,
) -> Part:
    """One part of the stream, at most ``number`` pages; of one format if it is given."""
    uses = _of_format(_once(uses_of(hashtag, viewer), viewer), format).order_by("-published_at", "-page_id")
    if after is not None:
        earlier = Q(published_at=after.moment, page_id__lt=after.page_id)
        uses = uses.filter(Q(published_at__lt=after.moment) | earlier, published_at__lte=after.moment)
    rows = list(uses.values_list("published_at", "page_id")[: number + 1])
    more = Place(*rows[number - 1]) if len(rows) > number else None
    return Part(pages_in_order([page_id for _moment, page_id in rows[:number]]), more)


def _of_format(uses: QuerySet[HashtagUse], format: Format | None) -> QuerySet[HashtagUse]:
    if format is None:
        return uses
    others = PageFormat.objects.filter(translation_key=OuterRef("page__translation_key"))
    if format == Format.TEXT:
        return uses.filter(~Exists(others.exclude(format=Format.TEXT)))
    return uses.filter(Exists(others.filter(format=format)))


def pages_in_order(keys: list[Any]) -> list[Page]:
    """Pages of their own types, so that they know their address; one query for each type at most."""
    found = {page.pk: page for page in Page.objects.filter(pk__in=keys).specific(defer=True)}
    return [found[key] for key in keys if key in found]


def related_hashtags(hashtag: Hashtag, viewer: Viewer, number: int = 10) -> list[Hashtag]:
    """What else the pages with a hashtag are about, most often first; ``pages`` says on how many."""
    same = uses_of(hashtag, viewer).filter(page_id=OuterRef("page_id"))
    rows = visible_uses(viewer).filter(Exists(same)).exclude(main=hashtag.pk)
    return with_numbers(rows, number)


def with_numbers(uses: QuerySet[HashtagUse], number: int) -> list[Hashtag]:
    """The hashtags of these uses with the number of their pages, counted once for all languages."""
    rows = uses.values("main").annotate(pages=Count("page__translation_key", distinct=True), newest=Max("published_at"))
    counted = list(rows.order_by("-pages", "-newest", "main")[:number])
    found = Hashtag.objects.in_bulk([row["main"] for row in counted])
    for row in counted:
        found[row["main"]].pages = row["pages"]
    return [found[row["main"]] for row in counted]


def _once(uses: QuerySet[HashtagUse], viewer: Viewer) -> QuerySet[HashtagUse]:
    """Each page once: in the language that is shown if it is there, else in the first; with whichever spelling."""
    rank = _rank(viewer)
    uses = uses.annotate(rank=rank)
    better = Q(rank__lt=OuterRef("rank")) | Q(rank=OuterRef("rank"), page_id=OuterRef("page_id"), pk__lt=OuterRef("pk"))
    family = uses.filter(page__translation_key=OuterRef("page__translation_key"))
    return uses.filter(~Exists(family.filter(better)))


def _rank(viewer: Viewer) -> Any:
    active = active_locale(viewer)
    if active is None:
        return Value(0)
    own = When(page__locale=active, then=Value(0))
    return Case(own, default=F("page__locale_id") + 1, output_field=IntegerField())
