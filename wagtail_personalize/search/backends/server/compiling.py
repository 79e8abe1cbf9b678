"""A search as the server understands it: the one door is a filter of its own."""

from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Lookup
from django.db.models.expressions import Col
from modelsearch.backends.base import FilterError, get_model_root
from modelsearch.query import Fuzzy

from wagtail_personalize.targeting.hidden_pages import IsOpen

from .documents import AUDIENCE, OPEN
from .limits import FUZZY_EXPANSIONS, any_of, shortened
from .pending import pending_keys


class AudienceCompiler:
    """For a query compiler of modelsearch."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = shortened(self.query, len(self.remapped_fields or [None]))

    def _get_filters_from_where_node(self, where_node: Any, check_only: bool = False) -> Any:
        if isinstance(where_node, IsOpen):
            return None if check_only else self._open_to(where_node.rhs.audiences)
        if self._compares_the_key(where_node):
            return None if check_only else self._with_keys(where_node)
        return super()._get_filters_from_where_node(where_node, check_only)

    def _open_to(self, audiences: tuple[int, ...]) -> dict[str, Any]:
        """What is open to somebody who passes these audiences, as far as the server knows what the database does."""
        allowed = any_of(AUDIENCE, [OPEN, *map(str, audiences)])
        unsure = {"must_not": any_of("pk", self._pending)} if self._pending else {}
        return {"bool": {"filter": [allowed], **unsure}}

    @cached_property
    def _pending(self) -> list[str]:
        """Asked once for the hits, their number and all facets of one search, so that they agree."""
        return pending_keys(get_model_root(self.queryset.model))

    def _compares_the_key(self, node: Any) -> bool:
        """modelsearch leaves out filters by the key of a page type, so that counts and facets would tell too much."""
        return (
            isinstance(node, Lookup)
            and isinstance(node.lhs, Col)
            and node.lhs.target.primary_key
            and (node.lhs.alias == self.queryset.query.get_initial_alias())
        )

    def _with_keys(self, node: Lookup) -> dict[str, Any]:
        if node.lookup_name not in ("exact", "in"):
            raise FilterError(f"A search server cannot filter by the key with “{node.lookup_name}”.")
        values = node.rhs if node.lookup_name == "in" else [node.rhs]
        return any_of("pk", [str(value) for value in self._values(values)])

    def _values(self, values: Any) -> list[Any]:
        """The values themselves, where a subquery is to say them."""
        query = getattr(values, "query", values)
        if not hasattr(query, "get_compiler"):
            return list(values)
        rows = query.get_compiler(self.queryset._db or DEFAULT_DB_ALIAS).results_iter()
        return [row[0] for row in rows]

    def _process_lookup(self, field_path: Any, lookup: str, value: Any, **nested: Any) -> Any:
        found = super()._process_lookup(field_path, lookup, value, **nested)
        if lookup == "in" and "terms" in (found or {}):
            [(field, values)] = found["terms"].items()
            return any_of(field, values)
        return found

    def _compile_fuzzy_query(self, query: Fuzzy, fields: Any) -> dict[str, Any]:
        compiled = super()._compile_fuzzy_query(query, fields)
        asked = compiled.get("multi_match") or next(iter(compiled["match"].values()))
        asked["max_expansions"] = FUZZY_EXPANSIONS
        return compiled
