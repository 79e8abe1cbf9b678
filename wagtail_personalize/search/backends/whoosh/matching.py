"""Which documents match, and how well: sums over dictionaries of scores by document number.

Whoosh reads what stands behind one word or phrase. Combining those is done here, because it is several times faster
than walking Whoosh's trees of matchers document by document, and because those trees have two faults: *and not* may
keep the first unwanted document, and the collector of the best N may lose the best one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from whoosh.query import Query
from whoosh.searching import Searcher

Scores = dict[int, float]


class Question(Protocol):
    def scores(self, searcher: Searcher) -> Scores:
        """What each matching document of this segment scores."""


@dataclass(frozen=True)
class Asked:
    """What Whoosh answers: one word in one field, a phrase, the start of a word, or everything."""

    query: Query

    def scores(self, searcher: Searcher) -> Scores:
        matcher = self.query.matcher(searcher, searcher.context())
        found = {}
        while matcher.is_active():
            found[matcher.id()] = matcher.score()
            matcher.next()
        return found


@dataclass(frozen=True)
class AnyOf:
    """Matches where one part does, and scores what all parts score together. Without parts nothing matches."""

    parts: Sequence[Question]

    def scores(self, searcher: Searcher) -> Scores:
        found: Scores = {}
        for part in self.parts:
            for number, score in part.scores(searcher).items():
                found[number] = found.get(number, 0.0) + score
        return found


@dataclass(frozen=True)
class AllOf:
    """Matches where all parts do. Without parts nothing matches."""

    parts: Sequence[Question]

    def scores(self, searcher: Searcher) -> Scores:
        found: Scores | None = None
        for part in self.parts:
            more = part.scores(searcher)
            if found is not None:
                more = {number: score + more[number] for number, score in found.items() if number in more}
            if not more:
                return {}
            found = more
        return found or {}


@dataclass(frozen=True)
class Without:
    """What the first one matches and the second one does not."""

    wanted: Question
    unwanted: Question

    def scores(self, searcher: Searcher) -> Scores:
        unwanted = self.unwanted.scores(searcher)
        return {number: score for number, score in self.wanted.scores(searcher).items() if number not in unwanted}


@dataclass(frozen=True)
class Preferring:
    """What the first one matches; it scores more where the second one matches, too."""

    wanted: Question
    liked: Question

    def scores(self, searcher: Searcher) -> Scores:
        found = self.wanted.scores(searcher)
        liked = self.liked.scores(searcher) if found else {}
        return {number: score + liked.get(number, 0.0) for number, score in found.items()}
