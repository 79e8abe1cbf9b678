"""A search over a queryset: which words, in which fields of which index."""

from typing import Any

from django.db.models import Expression
from django.db.models.expressions import Col
from django.db.models.functions import ExtractYear
from django.db.models.lookups import Lookup
from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.index import AutocompleteField, SearchField

from .fields import searched
from .queries import StartTranslator, Translator
from .reading import Reading, ask


class WhooshSearchQueryCompiler(BaseSearchQueryCompiler):
    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    kind, translator = SearchField, Translator

    def _get_filters_from_where_node(self, where_node: Any, check_only: bool = False) -> Any:
        """Plain columns must be filter fields, as everywhere; subqueries and expressions the database just answers."""
        if not isinstance(where_node, Lookup | Expression) or _compares_a_column(where_node):
            return super()._get_filters_from_where_node(where_node, check_only)
        return None

    def hits(self, backend: Any) -> list[tuple[str, float]]:
        """(key, score) of all that matches the text, the best first."""
        folder = backend.get_index_for_model(self.queryset.model).folder
        return ask(folder, lambda reading: reading.hits(self._translated(reading)), [])

    def _translated(self, reading: Reading) -> Any:
        fields = searched(self.queryset.model, self.kind)
        if self.fields is not None:
            fields = {name: boost for name, boost in fields.items() if name in self.fields}
        return self.translator(fields, reading.searcher.schema.names()).translate(self.query)


class WhooshAutocompleteQueryCompiler(WhooshSearchQueryCompiler):
    kind, translator = AutocompleteField, StartTranslator


def _compares_a_column(node: Any) -> bool:
    return isinstance(node, Lookup) and (
        isinstance(node.lhs, Col) or (isinstance(node.lhs, ExtractYear) and isinstance(node.lhs.lhs, Col))
    )
