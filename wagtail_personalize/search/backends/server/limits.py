"""What a server takes: 1,024 clauses in one query, 65,536 terms in one clause."""

from collections.abc import Callable, Sequence
from typing import Any

from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

#: By default in Lucene, and in Elasticsearch and OpenSearch.
MOST_CLAUSES, MOST_TERMS = 1024, 65_536
MOST_WORDS, MOST_LETTERS = 32, 64
#: A fuzzy word becomes so many words at most, instead of 50.
FUZZY_EXPANSIONS = 10
#: Of the clauses of a query, what is left for filters.
_FOR_FILTERS = 64


class TooManyParts(ValueError):
    """A query has so many parts that no server would take it."""


def shortened(query: SearchQuery, fields: int) -> SearchQuery:
    """The same query with so few words in each part that all of them, in ``fields`` fields, are within the limit."""
    leaves = _leaves(query)
    each = (MOST_CLAUSES - _FOR_FILTERS) // (max(fields, 1) * max(sum(map(_weight, leaves)), 1))
    if not each:
        raise TooManyParts(
            f"This search has {len(leaves)} parts in {fields} fields. A search server takes {MOST_CLAUSES:,} clauses "
            "in all: combine fewer parts, or name the fields to search in."
        )
    return _mapped(query, lambda text: _cut(text, min(each, MOST_WORDS)))


def _weight(leaf: SearchQuery) -> int:
    return FUZZY_EXPANSIONS if isinstance(leaf, Fuzzy) else 1


def _cut(text: str, words: int) -> str:
    return " ".join(word[:MOST_LETTERS] for word in text.split()[:words])


def _leaves(query: SearchQuery) -> list[SearchQuery]:
    if isinstance(query, And | Or):
        return [leaf for part in query.subqueries for leaf in _leaves(part)]
    return _leaves(query.subquery) if isinstance(query, Not | Boost) else [query]


def _mapped(query: SearchQuery, cut: Callable[[str], str]) -> SearchQuery:
    match query:
        case And() | Or():
            return type(query)([_mapped(part, cut) for part in query.subqueries])
        case Not():
            return Not(_mapped(query.subquery, cut))
        case Boost():
            return Boost(_mapped(query.subquery, cut), query.boost)
        case PlainText() | Fuzzy():
            return type(query)(cut(query.query_string), operator=query.operator)
        case Phrase():
            return Phrase(cut(query.query_string))
    return query


def any_of(field: str, values: Sequence[Any]) -> dict[str, Any]:
    """A filter for documents with one of ``values``, in as many clauses as it takes."""
    chunks = [values[start : start + MOST_TERMS] for start in range(0, len(values), MOST_TERMS)] or [[]]
    clauses = [{"terms": {field: list(chunk)}} for chunk in chunks]
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}
