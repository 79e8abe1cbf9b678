"""Asks for every address as everybody, follows what it finds, and yields each response that says too much."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from .asking import PARTIAL, Answer, Asker, echoes
from .elsewhere import Elsewhere
from .fingerprints import Fingerprint, Fingerprints
from .people import Looker
from .routes import LEAVES, admin_prefixes
from .starting_points import search_address
from .tracing import Trace, tracing

#: Of one view with parameters, and of one address with different queries, so many are asked for.
_MOST_OF_A_VIEW = 40
_MOST_QUERIES = 12


@dataclass
class Leak:
    """One response that told somebody what they may not see; ``told`` is by what that was recognised."""

    address: str
    status: int
    looker: Looker
    view: str
    #: Each fingerprint with the template and tag that wrote it, if a template did.
    told: list[tuple[Fingerprint, str]]


@dataclass
class Counts:
    """What was done; ``failed`` are addresses at which the site itself failed, and why."""

    addresses: int = 0
    requests: int = 0
    good: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Crawl:
    """Goes through the site once. ``words`` are put into the search forms that are found."""

    def __init__(self, lookers: Sequence[Looker], fingerprints: Fingerprints, words: Iterable[str] = ()) -> None:
        self.lookers, self.fingerprints, self.words = lookers, fingerprints, list(words)
        self.asker, self.elsewhere, self.counts = Asker(), Elsewhere(), Counts()
        self._queue: deque[str] = deque()
        self._seen: set[str] = set()
        self._of_views: Counter[str] = Counter()
        self._queries: Counter[str] = Counter()
        self._ignored = tuple(p for p in (*admin_prefixes(), settings.STATIC_URL) if p and p != "/")

    def run(self, first: Iterable[str], limit: int, step: Callable[[], Any] = lambda: None) -> Iterator[Leak]:
        """At most ``limit`` addresses, ``first`` ones before those that are found on the way."""
        for address in self._addresses(iter(first), limit):
            self.counts.addresses += 1
            for place, looker in enumerate(self.lookers):
                answer = self.asker.ask(looker, address)
                self._count(answer, address)
                if leak := self._judge(answer, looker, place, address):
                    yield leak
                if self.counts.addresses + len(self._queue) < limit:
                    self._follow(answer)
            step()

    def _addresses(self, first: Iterator[str], limit: int) -> Iterator[str]:
        for given in first:
            if self.counts.addresses < limit and (address := self._new(given)):
                yield address
        while self._queue and self.counts.addresses < limit:
            yield self._queue.popleft()

    def _new(self, address: str, mark: str = "") -> str:
        """How the address is asked, or nothing: then it was seen, is elsewhere, or nobody asks that."""
        canonical = self.asker.canonical(address) + mark
        path = urlsplit(canonical).path
        if not path or canonical in self._seen or path.startswith(self._ignored) or LEAVES.search(path):
            return ""
        self._seen.add(canonical)
        return canonical

    def _follow(self, answer: Answer) -> None:
        if "<" in answer.route or "(?P" in answer.route:
            self._of_views[answer.route] += 1
            if self._of_views[answer.route] > _MOST_OF_A_VIEW * len(self.lookers):
                return
        for link in sorted(answer.reading.links):
            self._enqueue(link)
        for link in sorted(answer.reading.partials):
            self._enqueue(link, PARTIAL)
        for action, name in sorted(answer.reading.forms):
            for word in self.words if name else ():
                self._enqueue(search_address(action, word, (name,)))

    def _enqueue(self, link: str, mark: str = "") -> None:
        parts = urlsplit(link)
        if parts.query and self._queries[parts.path] >= _MOST_QUERIES:
            return
        if address := self._new(link, mark):
            self._queries[parts.path] += bool(parts.query)
            self._queue.append(address)

    def _count(self, answer: Answer, address: str) -> None:
        self.counts.requests += 1
        self.counts.good += answer.status < 400
        if answer.status >= 500:
            self.counts.failed.setdefault(address, answer.fault)

    def _judge(self, answer: Answer, looker: Looker, place: int, address: str) -> Leak | None:
        asked = {id(found) for found in self.fingerprints.found_in(echoes(address, found=answer.status != 404))}
        told = [
            found
            for found in self.fingerprints.found_in(answer.reading)
            if found.hidden >> place & 1 and id(found) not in asked and not self.elsewhere.has(found)
        ]
        file = self.fingerprints.at(urlsplit(address).path)
        if file and file.kind == "file" and file.hidden >> place & 1 and answer.status in (200, 206):
            told.append(file)
        if not told:
            return None
        trace = self._trace(looker, address, told)
        return Leak(address, answer.status, looker, answer.view, [(found, trace.source_of(found)) for found in told])

    def _trace(self, looker: Looker, address: str, told: list[Fingerprint]) -> Trace:
        """Ask once more, listening to the templates."""
        with tracing(Trace(told)) as trace:
            self.asker.ask(looker, address)
        return trace
