"""modelsearch's queries as questions to an index. Nothing here parses what people type: any text is just words."""

from collections.abc import Callable, Iterable

from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery
from whoosh import query as whoosh

from .fields import start_name, text_name
from .matching import AllOf, AnyOf, Asked, Preferring, Question, Without
from .words import LANGUAGES, MOST_WORDS, UNSTEMMED, telling, words

#: Words up to this length may differ by one letter in a fuzzy search, longer ones by two.
SHORT_WORD = 5

Clause = Callable[[str, str, float], Question]


class Translator:
    """Translates for one index and the fields searched in it, each with its boost."""

    languages: tuple[str, ...] = LANGUAGES

    def __init__(self, boosts: dict[str, float], existing: Iterable[str]) -> None:
        self.boosts, self.existing = boosts, set(existing)

    def translate(self, query: SearchQuery, boost: float = 1.0) -> Question:
        match query:
            case MatchAll():
                return Asked(whoosh.Every(boost=boost))
            case Boost():
                return self.translate(query.subquery, boost * query.boost)
            case Not():
                return Without(Asked(whoosh.Every()), self.translate(query.subquery))
            case Or():
                return AnyOf([self.translate(part, boost) for part in query.subqueries])
            case And():
                return self._and(query, boost)
            case PlainText():
                return self._words(query.query_string, query.operator, boost * query.boost, self._word)
            case Fuzzy():
                return self._fuzzy(query, boost)
            case Phrase():
                return self._phrase(query.query_string, boost)
        raise NotImplementedError(f"`{type(query).__name__}` is not supported by the Whoosh search backend.")

    def _and(self, query: And, boost: float) -> Question:
        wanted = [self.translate(part, boost) for part in query.subqueries if not isinstance(part, Not)]
        unwanted = [self.translate(part.subquery) for part in query.subqueries if isinstance(part, Not)]
        found = AllOf(wanted or [Asked(whoosh.Every())])
        return Without(found, AnyOf(unwanted)) if unwanted else found

    def _words(self, text: str, operator: str, boost: float, clause: Clause) -> Question:
        """In each language, all words or any of them, each in any field."""
        return AnyOf([self._words_in(language, text, operator, boost, clause) for language in self.languages])

    def _words_in(self, language: str, text: str, operator: str, boost: float, clause: Clause) -> Question:
        fields = [(name, weight * boost) for name, weight in self._fields(language)]
        wanted, common = telling(text, language)
        join = AllOf if operator == "and" else AnyOf
        found = join([AnyOf([clause(name, word, weight) for name, weight in fields]) for word in wanted])
        highest = max((weight for _name, weight in fields), default=0)
        titles = [name for name, weight in fields if weight == highest]
        return Preferring(found, AnyOf([_word(name, word, highest) for word in common for name in titles]))

    def _fuzzy(self, query: Fuzzy, boost: float) -> Question:
        """Stems, and where there is autocompletion the whole words too: a mistake may well hide the ending."""
        ways = (self, StartTranslator(self.boosts, self.existing))
        return AnyOf([way._words(query.query_string, query.operator, boost, _similar) for way in ways])

    def _phrase(self, text: str, boost: float) -> Question:
        return AnyOf(
            [
                Asked(whoosh.Phrase(name, found, boost=weight * boost))
                if len(found) > 1
                else _word(name, *found, weight)
                for language in self.languages
                if (found := words(text, language)[:MOST_WORDS])
                for name, weight in self._fields(language)
            ]
        )

    def _fields(self, language: str) -> list[tuple[str, float]]:
        named = [(self._name(name, language), boost) for name, boost in self.boosts.items()]
        return [(name, boost) for name, boost in named if name in self.existing]

    def _name(self, name: str, language: str) -> str:
        return text_name(name, language)

    def _word(self, name: str, word: str, boost: float) -> Question:
        return _word(name, word, boost)


class StartTranslator(Translator):
    """For autocompletion: each word need only be the start of one; whole words come first."""

    languages = (UNSTEMMED,)

    def _name(self, name: str, language: str) -> str:
        return start_name(name)

    def _word(self, name: str, word: str, boost: float) -> Question:
        return AnyOf([Asked(whoosh.Prefix(name, word, boost=boost)), _word(name, word, boost)])


def _word(name: str, word: str, boost: float) -> Question:
    return Asked(whoosh.Term(name, word, boost=boost))


def _similar(name: str, word: str, boost: float) -> Question:
    distance = 1 if len(word) <= SHORT_WORD else 2
    return Asked(whoosh.FuzzyTerm(name, word, boost=boost, maxdist=distance, prefixlength=1))
