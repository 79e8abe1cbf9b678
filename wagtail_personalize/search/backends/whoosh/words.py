"""How a text becomes words, per language.

Accents and case are folded as everywhere in this package, then English, German and Dutch words are cut to their stem.
The same function serves texts and queries, so that they meet.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.lang import stemmer_for_language, stopwords_for_language

from wagtail_personalize.people.folding import fold

STEMMED = ("de", "en", "nl")
#: Words of other languages, and those of autocompletion, are folded only.
UNSTEMMED = "any"
LANGUAGES = (*STEMMED, UNSTEMMED)

#: Longer words are no words: what an editor pasted from a file, for instance.
LONGEST_WORD = 64
#: Words of a query beyond these are not searched for.
MOST_WORDS = 32
_WORD = re.compile(r"[^\W_]+")


def analysed_as(language_code: str) -> str:
    """The language whose rules hold for a locale: ``de`` for ``de-at``, ``any`` for what has none."""
    language = language_code.lower().replace("_", "-").split("-")[0]
    return language if language in STEMMED else UNSTEMMED


def words(text: str, language: str = UNSTEMMED) -> list[str]:
    """The words of a text in their order, as they stand in the index."""
    return [stem(word, language) for word in _WORD.findall(unicodedata.normalize("NFKC", text))]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    folded = fold(word[:LONGEST_WORD])
    return _stemmer(language)(folded) or folded


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    return str if language == UNSTEMMED else stemmer_for_language(language)


def telling(query: str, language: str) -> tuple[list[str], list[str]]:
    """The words of a query that have to be found, each once, and those such as *the*, which only help to rank.

    Where nothing else is asked for, those have to be found.
    """
    found = list(dict.fromkeys(words(query, language)))[:MOST_WORDS]
    wanted = [word for word in found if word not in _too_common(language)] or found
    return wanted, [word for word in found if word not in wanted]


@cache
def _too_common(language: str) -> frozenset[str]:
    """Stems of words that say nothing by themselves. They count in phrases and titles only."""
    if language == UNSTEMMED:
        return frozenset()
    return frozenset(stem(word, language) for word in stopwords_for_language(language))


class Words(Analyzer):
    """What Whoosh asks for words. It is pickled into the index, so its path and attributes stay what they are."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, **kwargs: Any) -> Iterator[Token]:
        token = Token(positions=positions, mode=kwargs.get("mode", ""))
        for position, word in enumerate(words(value, self.language), start_pos):
            token.text, token.pos = word, position
            yield token
