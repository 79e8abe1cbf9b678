"""Results of a server: facets with all their values."""

from collections import OrderedDict
from typing import Any

from ..facets import facet_field

#: The most that a server gives in one answer (``search.max_buckets``).
MOST_VALUES = 65_535


class WholeFacets:
    """For the results of modelsearch, which know ten values of a facet and stumble over yes and no."""

    def facet(self, field_name: str) -> OrderedDict:
        """How many results have each value of a field, the most frequent first; ``None`` is without a value."""
        field, model = facet_field(self.query_compiler, field_name), self.query_compiler.queryset.model
        column = {"field": self.query_compiler.mapping.get_field_column_name(field)}
        body = self._get_es_body() | {
            "aggregations": {"values": {"terms": {**column, "size": MOST_VALUES}}, "without": {"missing": column}}
        }
        index = self.backend.get_index_for_model(model).name
        found = self._backend_do_search(body, index=index, size=0)["aggregations"]
        read = bool if field.get_type(model) == "BooleanField" else _as_it_is
        counts = [(read(bucket["key"]), bucket["doc_count"]) for bucket in found["values"]["buckets"]]
        counts += [(None, found["without"]["doc_count"])] if found["without"]["doc_count"] else []
        return OrderedDict(sorted(counts, key=lambda count: -count[1]))


def _as_it_is(value: Any) -> Any:
    return value
