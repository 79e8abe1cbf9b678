"""By what something hidden is recognised: a few distinctive words of it, its address, its file.

Each fingerprint knows from whom it is hidden, as one bit per viewer. ``keep_distinctive`` is told everything that some
viewers may see: whatever occurs there is no sign of a leak to them any more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from .reading import END, Reading, whole, words_of

#: Words in one phrase, and phrases of one text.
LENGTH = 6
_MOST_PHRASES = 5
#: Fewer letters than this may stand anywhere by chance; then only a whole string counts.
_ENOUGH_LETTERS = 12


@dataclass(slots=True)
class Fingerprint:
    """``kind`` is ``title``, ``text``, ``slug``, ``address`` or ``file``; ``owner`` tells what it belongs to."""

    kind: str
    text: str
    words: tuple[str, ...]
    owner: str
    #: One bit for each viewer who may not see it.
    hidden: int


class Fingerprints:
    """All of them, found in one pass over what was read."""

    def __init__(self) -> None:
        self._phrases: dict[tuple[str, ...], Fingerprint] = {}
        #: How long the phrases are that begin with two words.
        self._lengths: dict[tuple[str, str], set[int]] = {}
        self._whole: dict[str, Fingerprint] = {}
        self._paths: dict[str, Fingerprint] = {}

    def __len__(self) -> int:
        return len(self._phrases) + len(self._whole) + len(self._paths)

    def add_path(self, kind: str, path: str, owner: str, hidden: int) -> None:
        """The address of something hidden."""
        if path not in ("", "/"):
            _merge(self._paths, path, Fingerprint(kind, path, (), owner, hidden))

    def add_slug(self, slug: str, owner: str, hidden: int) -> None:
        """A slug of several words; one of a single word is too common, and its address tells as much."""
        if "-" in slug:
            _merge(self._whole, whole(slug), Fingerprint("slug", slug, (), owner, hidden))

    def add_title(self, title: str, owner: str, hidden: int) -> None:
        self._add("title", title, tuple(words_of(title))[:LENGTH], owner, hidden)

    def add_text(self, text: str, owner: str, hidden: int) -> None:
        """Some phrases of a text (or of markup), the first of it among them."""
        reading = Reading()
        reading.string(text)
        for phrase in _phrases(reading.words):
            self._add("text", " ".join(phrase), phrase, owner, hidden)

    def _add(self, kind: str, text: str, words: tuple[str, ...], owner: str, hidden: int) -> None:
        found = Fingerprint(kind, text, words, owner, hidden)
        if len(words) > 1 and END not in words and sum(map(len, words)) >= _ENOUGH_LETTERS:
            _merge(self._phrases, words, found)
            self._lengths.setdefault(words[:2], set()).add(len(words))
        elif kind == "title":
            _merge(self._whole, whole(text), found)

    def found_in(self, reading: Reading) -> Iterator[Fingerprint]:
        """All that occur in what was read, each once."""
        for known, read in ((self._whole, reading.nodes), (self._paths, reading.paths)):
            yield from (known[key] for key in known.keys() & read)
        phrases = chain(self._phrases_in(reading.words), self._phrases_in(reading.asides))
        yield from {id(found): found for found in phrases}.values()

    def _phrases_in(self, words: list[str]) -> Iterator[Fingerprint]:
        for place, pair in enumerate(pairwise(words)):
            for length in self._lengths.get(pair, ()):
                found = self._phrases.get(tuple(words[place : place + length]))
                if found is not None:
                    yield found

    def at(self, path: str) -> Fingerprint | None:
        """What is hidden at this address."""
        return self._paths.get(path)

    def keep_distinctive(self, text: str, hidden: int) -> None:
        """``text`` is seen by all from whom it is not ``hidden``: no sign of a leak to them."""
        reading = Reading()
        reading.string(text)
        for found in self.found_in(reading):
            found.hidden &= hidden

    def keep_distinctive_path(self, path: str, hidden: int) -> None:
        if path in self._paths:
            self._paths[path].hidden &= hidden


def _merge(known: dict, key: object, found: Fingerprint) -> None:
    """Of two things with the same fingerprint, who may see one may see the fingerprint."""
    if key in known:
        known[key].hidden &= found.hidden
    else:
        known[key] = found


def _phrases(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Phrases out of each stretch of words; from a long one the first and some more, evenly spread."""
    for stretch in _stretches(words):
        last = max(len(stretch) - LENGTH, 0)
        starts = sorted({last * step // (_MOST_PHRASES - 1) for step in range(_MOST_PHRASES)})
        yield from (tuple(stretch[start : start + LENGTH]) for start in starts)


def _stretches(words: Iterable[str]) -> Iterator[list[str]]:
    stretch: list[str] = []
    for word in (*words, END):
        if word != END:
            stretch.append(word)
        elif stretch:
            yield stretch
            stretch = []
