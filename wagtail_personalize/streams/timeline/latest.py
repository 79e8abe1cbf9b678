"""The latest articles about something: with a hashtag, below a page, or meant for a segment."""

from typing import Any

from django.db.models import Q
from wagtail.models import Page

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import visible_audience_ids
from wagtail_personalize.targeting.listed_audiences import pages_naming
from wagtail_personalize.targeting.page_tree import within

from ..formats.models import Format
from ..models import Hashtag, HashtagUse
from ..open_pages import open_pages
from .index import everything
from .models import TimelineItem
from .reading import choose_languages

MOST = 50
_COLUMNS = "key", "page_id", "format"


def latest(
    viewer: Viewer,
    number: int = 5,
    *,
    hashtag: Hashtag | None = None,
    section: Page | None = None,
    segment: Segment | None = None,
    format: Format | None = None,
) -> list[Page]:
    """At most so many pages that ``viewer`` may open and that fulfil all that is given, the newest first.

    Once for all languages. Three queries.
    """
    viewer.mark()
    pages = open_pages(viewer)
    if hashtag is not None:
        pages = pages.filter(pk__in=_with_hashtag(hashtag).values("page"))
    if section is not None:
        pages = pages.filter(within([section.path])).exclude(path=section.path)
    if segment is not None:
        pages = pages_naming(pages, [str(segment.uuid)])
    rows = TimelineItem.objects.filter(source__in=everything(), page__in=pages)
    rows = rows.filter(audience__in={0, *visible_audience_ids(viewer)})
    rows = rows if format is None else rows.filter(format=format)
    places = rows.order_by("-key").values_list("key", flat=True).distinct()
    places = list(places[: min(max(number, 1), MOST)])
    at: dict[int, set[Any]] = {}
    formats: dict[int, int] = {}
    for key, page, formats[key] in rows.filter(key__in=places).values_list(*_COLUMNS) if places else ():
        at.setdefault(key, set()).add(page)
    chosen = choose_languages(at, viewer)
    for key, page in chosen.items():
        page.format_shown = Format(formats[key])
    return [chosen[key] for key in places if key in chosen]


def _with_hashtag(hashtag: Hashtag) -> Any:
    main = hashtag.synonym_of_id or hashtag.pk
    uses = HashtagUse.objects.filter(Q(hashtag=main) | Q(hashtag__synonym_of=main), hashtag__blocked=False)
    return uses.exclude(hashtag__synonym_of__blocked=True)
