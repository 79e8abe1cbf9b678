"""One search from the question to the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from wagtail_personalize.people.pages.cards import PersonCard
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.hashtag_stream import hashtag_for, pages_in_order, visible_uses
from wagtail_personalize.targeting.page_tree import page_model

from .best_bets import best_bets
from .did_you_mean import did_you_mean
from .documents import documents_found
from .engine import MOST_HITS, Unavailable, ranked_keys
from .facets import Facet, Facets
from .people import people_found
from .questions import Question
from .ranking import FOLLOWED, RECOMMENDED, Concern, concern, ranked
from .rows import Row, once, open_rows

#: The root of the tree and what lies directly below it, the home pages, are nobody's hit.
LEAST_DEPTH = 3
#: With fewer hits, begun words are looked for, too.
ENOUGH = 5


@dataclass
class Answer:
    """What one viewer found. ``rows`` are all pages that were found; ``pages`` loads a part of them."""

    question: Question
    viewer: Viewer
    rows: list[Row] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    concerns: Concern = field(default_factory=Concern)
    bets: list[Page] = field(default_factory=list)
    people: list[PersonCard] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    other_words: str = ""
    #: There may be more than was looked at.
    is_cut: bool = False
    is_unavailable: bool = False

    @property
    def count(self) -> int:
        """How many pages were found."""
        return len(self.rows)

    @property
    def has_nothing(self) -> bool:
        return not (self.rows or self.people or self.documents or self.bets)

    def pages(self, start: int, number: int) -> list[Page]:
        """A part of the pages, best first; each knows ``because``, why it stands higher."""
        found = pages_in_order([row.pk for row in self.rows[start : start + number]])
        for page in found:
            page.because = [_sentence(reason) for reason in self.concerns.reasons(page.pk)]
        return found


def answer(
    question: Question, viewer: Viewer, chosen: Mapping[str, str] | None = None, *, typing: bool = False
) -> Answer:
    """Search. ``chosen`` are values of facets by their names; ``typing``: the last word may not be finished yet.

    A fixed number of queries besides those of the engine.
    """
    chosen, found = dict(chosen or {}), Answer(question, viewer)
    if not question:
        return found
    viewer.mark()
    try:
        keys = _keys(question, viewer, typing)
    except Unavailable:
        found.is_unavailable, keys = True, []
    _fill(found, keys, chosen)
    if not chosen:
        _fill_around(found)
    return found


def _fill(found: Answer, keys: list[Any], chosen: Mapping[str, str]) -> None:
    rows = open_rows(keys, found.viewer)
    facets = Facets(rows if "language" in chosen else once(rows), found.viewer)
    narrowed = facets.narrowed(chosen)
    found.is_cut = len(keys) >= MOST_HITS
    found.concerns = concern(narrowed, found.viewer)
    found.rows = ranked(narrowed, found.concerns)
    found.facets = facets.offered(narrowed, chosen)


def _fill_around(found: Answer) -> None:
    words, viewer = found.question.words, found.viewer
    found.people = people_found(words, viewer)
    if not found.is_unavailable:
        found.documents = documents_found(words, viewer)
        found.bets = best_bets(words, viewer)
    if found.has_nothing and words and not found.is_unavailable:
        found.other_words = did_you_mean(words, viewer)


def _keys(question: Question, viewer: Viewer, typing: bool) -> list[Any]:
    """The keys of pages, best first; with hashtags only those that have all of them."""
    keys = _by_words(question.words, viewer, typing) if question.words else None
    for key in question.hashtags:
        tagged = _with_hashtag(key, viewer)
        having = set(tagged)
        keys = tagged if keys is None else [one for one in keys if one in having]
    return keys or []


def _by_words(words: str, viewer: Viewer, typing: bool) -> list[Any]:
    pages = page_model().objects.live().filter(depth__gte=LEAST_DEPTH)
    keys = ranked_keys(pages, words, viewer)
    if typing and len(keys) < ENOUGH:
        keys += ranked_keys(pages, words, viewer, by_prefix=True)
    return list(dict.fromkeys(keys))


def _with_hashtag(key: str, viewer: Viewer) -> list[Any]:
    hashtag = hashtag_for(key, viewer)
    if hashtag is None:
        return []
    uses = visible_uses(viewer).filter(hashtag__in=hashtag.ids).order_by("-published_at", "-page_id")
    return list(dict.fromkeys(uses.values_list("page_id", flat=True)[:MOST_HITS]))


def _sentence(reason: str) -> str:
    return {RECOMMENDED: _("Recommended to you"), FOLLOWED: _("From what you follow")}[reason]
