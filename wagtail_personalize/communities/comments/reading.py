"""The comments of a page as one viewer reads them: the newest thread first, the answers in their order below it.

The page was asked for before. A part takes a fixed number of queries, whatever stands in it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from wagtail.models import Page

from wagtail_personalize.people.folding import text_hash
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.hashtag_stream import visible_uses
from wagtail_personalize.streams.hashtags import Hashtag
from wagtail_personalize.streams.hashtags_html import find_in_html, linked

from ..open_page import open_keys_among
from ..people_shown import Someone, former, shown_people
from ..reactions.counting import Tally, tallies
from ..reactions.models import CommentReaction
from .address import anchor_of
from .door import shown_to
from .mentions import as_link
from .models import Comment, Mention, Opening, PageComments, State
from .text import to_text, with_mentions

THREADS_PER_PART = 20
REPLIES_PER_PART = 20


@dataclass
class Shown:
    """A comment as one viewer reads it; of one that is gone only that it was there, as long as it has answers."""

    comment: Comment
    author: Someone
    html: SafeString
    tally: Tally | None
    is_mine: bool
    replies: list["Shown"] = field(default_factory=list)
    #: How many further answers there are, and behind which one.
    more: int = 0
    last_reply: int = 0

    @property
    def pk(self) -> int:
        return self.comment.pk

    @property
    def anchor(self) -> str:
        return anchor_of(self.comment.pk)

    @property
    def reactions_id(self) -> str:
        return f"wp-react-{self.comment.pk}"

    @property
    def created_at(self) -> datetime:
        return self.comment.created_at

    @property
    def ago(self) -> str:
        return timesince(self.comment.created_at, depth=1)

    @property
    def is_there(self) -> bool:
        return bool(self.html)

    @property
    def is_waiting(self) -> bool:
        return self.comment.state == State.WAITING

    @property
    def is_hidden(self) -> bool:
        return self.comment.state == State.HIDDEN

    @property
    def may_be_answered(self) -> bool:
        return self.comment.state == State.VISIBLE


@dataclass(frozen=True)
class Part:
    """Some threads in a row; ``before`` is where the next part begins, if there is one."""

    threads: list[Shown]
    before: int | None = None


def part(page: Page, viewer: Viewer, before: int | None = None) -> Part:
    """The newest threads of a page that ``viewer`` may open; ``before``: those that are older than this one."""
    found = _threads(page.translation_key, viewer)
    found = found if before is None else found.filter(pk__lt=before)
    threads = list(found.order_by("-pk")[: THREADS_PER_PART + 1])
    rest = threads[THREADS_PER_PART:]
    threads = threads[:THREADS_PER_PART]
    return Part(_shown(threads, viewer), threads[-1].pk if rest else None)


def thread(page: Page, viewer: Viewer, pk: int, after: int = 0) -> Shown | None:
    """One thread of the page, its answers from behind the one given on."""
    found = list(_threads(page.translation_key, viewer).filter(pk=pk))
    return _shown(found, viewer, after)[0] if found else None


def place_of(page: Page, viewer: Viewer, pk: int) -> int | None:
    """Before which thread a part begins whose first thread holds this comment."""
    found = Comment.objects.filter(translation_key=page.translation_key, pk=pk).filter(shown_to(viewer))
    row = found.values_list("pk", "parent").first()
    return (row[1] or row[0]) + 1 if row else None


def newer_threads(page: Page, viewer: Viewer, before: int) -> int:
    """How many threads stand above this place."""
    return _threads(page.translation_key, viewer).filter(pk__gte=before).count()


def number_of(page: Page) -> int:
    """How many visible comments a page has."""
    return Comment.objects.filter(translation_key=page.translation_key, state=State.VISIBLE).count()


def with_comment_counts(pages: Iterable[Page], viewer: Viewer) -> list[Page]:
    """The same pages, each with its number of comments as ``comment_count``; 0 where the viewer may not see them.

    One query, and one for each viewer.
    """
    pages = list(pages)
    rows = Comment.objects.filter(translation_key__in=open_keys_among(pages, viewer), state=State.VISIBLE)
    off = PageComments.objects.filter(translation_key=OuterRef("translation_key"), opening=Opening.OFF)
    rows = rows.filter(~Exists(off)) if pages else rows.none()
    numbers = dict(rows.order_by().values_list("translation_key").annotate(Count("pk")))
    for page in pages:
        page.comment_count = numbers.get(page.translation_key, 0)
    return pages


def as_typed(comment: Comment) -> tuple[str, list[Any]]:
    """What the author would type to get this comment, and the keys of the people whom it mentions."""
    rows = list(Mention.objects.filter(comment=comment).order_by("number"))
    people = shown_people(row.person_id for row in rows)
    names = {row.number: people[row.person_id].name for row in rows if row.person_id in people}
    return to_text(comment.html, names, former().name), [row.person_id for row in rows if row.person_id in people]


def _threads(translation_key: UUID, viewer: Viewer) -> QuerySet[Comment]:
    """With those that are gone but have visible answers."""
    first = Comment.objects.filter(translation_key=translation_key, parent=None)
    answers = Comment.objects.filter(parent=OuterRef("pk"), state=State.VISIBLE)
    return first.filter(shown_to(viewer) | Q(Exists(answers)))


def _replies(threads: list[Comment], viewer: Viewer, after: int) -> dict[int, list[Comment]]:
    """The first answers below each thread, each with how many there are."""
    by_thread = {"partition_by": F("parent")}
    found = Comment.objects.filter(parent__in=[one.pk for one in threads], pk__gt=after).filter(shown_to(viewer))
    found = found.annotate(
        place=Window(RowNumber(), order_by="pk", **by_thread), number=Window(Count("pk"), **by_thread)
    )
    replies: dict[int, list[Comment]] = defaultdict(list)
    for reply in found.filter(place__lte=REPLIES_PER_PART).order_by("pk") if threads else ():
        replies[reply.parent_id].append(reply)
    return replies


def _shown(threads: list[Comment], viewer: Viewer, after: int = 0) -> list[Shown]:
    replies = _replies(threads, viewer, after)
    everything = [*threads, *(reply for some in replies.values() for reply in some)]
    make = _Maker(everything, viewer)
    found = []
    for one in threads:
        shown, below = make.shown(one), replies.get(one.pk, [])
        shown.replies = [make.shown(reply) for reply in below]
        if below and below[0].number > len(below):
            shown.more, shown.last_reply = below[0].number - len(below), below[-1].pk
        found.append(shown)
    return found


class _Maker:
    """Has at hand what all comments of a part need."""

    def __init__(self, comments: list[Comment], viewer: Viewer) -> None:
        ids = [comment.pk for comment in comments]
        self.viewer, self.former = viewer, former()
        self.mentions: dict[int, dict[int, Any]] = defaultdict(dict)
        rows = Mention.objects.filter(comment__in=ids).values_list("comment", "number", "person") if ids else ()
        for comment, number, person in rows:
            self.mentions[comment][number] = person
        mentioned = {person for each in self.mentions.values() for person in each.values()}
        self.people = shown_people({comment.author_id for comment in comments} | mentioned)
        self.tallies = tallies(CommentReaction, ids, viewer)
        self.hashtags = _hashtags(comments, viewer)

    def shown(self, comment: Comment) -> Shown:
        is_mine = comment.author_id is not None and comment.author_id == self.viewer.person_id
        is_open = comment.state == State.VISIBLE or (is_mine and comment.state != State.REMOVED)
        author = self.people.get(comment.author_id, self.former) if is_open else self.former
        html = self._html(comment) if is_open else SafeString("")
        tally = self.tallies[comment.pk] if comment.state == State.VISIBLE else None
        return Shown(comment, author, html, tally, is_mine and is_open)

    def _html(self, comment: Comment) -> SafeString:
        people = self.mentions[comment.pk]
        html = linked(comment.html, self._address) if self.hashtags else comment.html
        return with_mentions(html, lambda number: as_link(self.people.get(people.get(number)), self.former.name))

    def _address(self, hashtag: Hashtag) -> str | None:
        if hashtag.key not in self.hashtags:
            return None
        try:
            return reverse("wagtail_personalize:hashtag", args=[hashtag.key])
        except NoReverseMatch:
            return None


def _hashtags(comments: list[Comment], viewer: Viewer) -> set[str]:
    """Those in these comments that exist for the viewer: used on a page that they may open. Comments do not count."""
    keys = {hashtag.key for comment in comments for hashtag in find_in_html(comment.html)}
    if not keys:
        return set()
    digests = {text_hash(key): key for key in keys}
    used = visible_uses(viewer).filter(Q(hashtag__digest__in=digests) | Q(hashtag__synonym_of__digest__in=digests))
    rows = used.order_by().values_list("hashtag__digest", "hashtag__synonym_of__digest").distinct()
    return {digests[digest] for row in rows for digest in row if digest in digests}
