"""Which fields an index has: one per search field and language, one per autocomplete field, and the key.

A document fills the fields of its own language only, so a query is cut to stems once per language and never meets the
stems of another one. Boosts are applied by the query: changing them needs no new index.
"""

from collections.abc import Iterator
from typing import Any

from modelsearch.index import AutocompleteField, RelatedFields, SearchField, get_indexed_models
from whoosh.fields import ID, TEXT, FieldType, Schema

from .words import LANGUAGES, UNSTEMMED, Words

KEY = "key"


def text_name(name: str, language: str) -> str:
    return f"text_{name}_{language}"


def start_name(name: str) -> str:
    return f"start_{name}"


def empty_schema() -> Schema:
    return Schema(**{KEY: ID(unique=True, sortable=True)})


def field_for(name: str) -> FieldType:
    """The field of a name that ``text_name`` or ``start_name`` made."""
    language = UNSTEMMED if name.startswith("start_") else name.rpartition("_")[2]
    return TEXT(analyzer=Words(language), phrase=name.startswith("text_"))


def names_of(model: Any) -> set[str]:
    """Every field that objects of this model can fill."""
    texts = {text_name(name, language) for name in boosts(model, SearchField) for language in LANGUAGES}
    return texts | {start_name(name) for name in boosts(model, AutocompleteField)}


def searched(model: Any, kind: type) -> dict[str, float]:
    """The fields of a model and of all that inherit from it, and the highest boost of each."""
    found: dict[str, float] = {}
    for descendant in get_indexed_models():
        if issubclass(descendant, model):
            for name, boost in boosts(descendant, kind).items():
                found[name] = max(boost, found.get(name, 0))
    return found


def boosts(model: Any, kind: type) -> dict[str, float]:
    return {name: getattr(field, "boost", None) or 1.0 for name, field in _walk(model.get_search_fields(), kind)}


def _walk(search_fields: list, kind: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in search_fields:
        if isinstance(field, RelatedFields):
            yield from _walk(field.fields, kind, f"{prefix}{field.field_name}__")
        elif isinstance(field, kind):
            yield prefix + field.field_name, field
