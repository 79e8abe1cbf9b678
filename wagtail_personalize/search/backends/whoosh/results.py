"""Hits of the index that are also in the queryset.

The index says what matches and how well; the queryset, narrowed to those hits, says which of them count. Results,
their number and their facets all come from that one list, so they always agree with each other and with the database.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from modelsearch.backends.base import BaseSearchResults, get_model_root
from modelsearch.query import MatchAll

from ..facets import facet_field

#: Up to so many hits are named to the database; beyond, it names all that the queryset allows.
NAMED = 1_000
#: The model instances of so many hits are read at once.
CHUNK = 500


class WhooshSearchResults(BaseSearchResults):
    supports_facet = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Scores by primary key, in the order of the results, of all hits that count; shared with all slices.
        self._found: list[dict[Any, float]] = []

    def _clone(self) -> "WhooshSearchResults":
        clone = super()._clone()
        clone._found = self._found
        return clone

    @property
    def queryset(self) -> QuerySet:
        return self.query_compiler.queryset

    def _do_search(self) -> Iterator[Model]:
        found = self._counting()
        return self._objects(list(found)[self.start : self.stop], found)

    def _do_count(self) -> int:
        return len(range(*slice(self.start, self.stop).indices(len(self._counting()))))

    def facet(self, field_name: str) -> OrderedDict:
        facet_field(self.query_compiler, field_name)
        found = self._counting()
        rows = self._among(found, self.queryset.order_by()).values_list("pk", field_name).distinct()
        counter = Counter(value for pk, value in rows if pk in found)
        return OrderedDict(sorted(counter.items(), key=lambda item: (-item[1], str(item[0]))))

    def _counting(self) -> dict[Any, float]:
        """Every hit that is in the queryset."""
        if not self._found:
            key_of = self.queryset.model._meta.pk.to_python
            hits = {key_of(key): score for key, score in self.query_compiler.hits(self.backend)}
            self._found.append(hits if self._the_index_is_enough() else self._in_queryset(hits))
        return self._found[0]

    def _in_queryset(self, hits: dict[Any, float]) -> dict[Any, float]:
        if not hits:
            return {}
        if self._is_ordered_by_the_database():
            queryset = self.queryset if self.queryset.ordered else self.queryset.order_by("-pk")
            keys = self._among(hits, queryset).values_list("pk", flat=True)
            return {pk: hits[pk] for pk in keys if pk in hits}
        allowed = set(self._among(hits, self.queryset.order_by()).values_list("pk", flat=True))
        return {pk: score for pk, score in hits.items() if pk in allowed}

    def _among(self, hits: dict[Any, float], queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=list(hits)) if len(hits) <= NAMED else queryset

    def _is_ordered_by_the_database(self) -> bool:
        """What matches everything matches equally well, so the queryset's order is all there is."""
        compiler = self.query_compiler
        return not compiler.order_by_relevance or (isinstance(compiler.query, MatchAll) and self.queryset.ordered)

    def _the_index_is_enough(self) -> bool:
        """Whether the queryset holds everything that the index does, in whatever order."""
        query, model = self.queryset.query, self.queryset.model
        narrows = query.where or query.is_sliced or query.combinator or query.group_by is not None
        return not narrows and get_model_root(model) is model and not self._is_ordered_by_the_database()

    def _objects(self, keys: list[Any], scores: dict[Any, float]) -> Iterator[Model]:
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            objects = {obj.pk: obj for obj in self.queryset.order_by().filter(pk__in=chunk)}
            for pk in chunk:
                if pk in objects:
                    if self._score_field:
                        setattr(objects[pk], self._score_field, scores[pk])
                    yield objects[pk]
