"""What the index stores of an object: its key and the texts of its search fields."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Manager, Model, QuerySet
from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from .fields import KEY, start_name, text_name
from .words import analysed_as

Document = dict[str, str]


def documents(model: type[Model], objects: Iterable[Model]) -> list[Document]:
    """One document per object. The languages of all of them take one query."""
    language_of = _languages(model)
    return [_document(obj, language_of.get(getattr(obj, "locale_id", None), _site_language())) for obj in objects]


def _site_language() -> str:
    return analysed_as(settings.LANGUAGE_CODE)


def _languages(model: type[Model]) -> dict[Any, str]:
    """Per locale the language of its texts; nothing for models that are not translated."""
    try:
        locales = model._meta.get_field("locale").related_model._default_manager
        return {pk: analysed_as(code) for pk, code in locales.values_list("pk", "language_code")}
    except (FieldDoesNotExist, AttributeError):
        return {}


def _document(obj: Any, language: str) -> Document:
    texts: dict[str, list[str]] = defaultdict(list)
    for name, field, value in _values(obj, obj.get_search_fields()):
        texts[text_name(name, language) if isinstance(field, SearchField) else start_name(name)] += _texts(value)
    return {KEY: str(obj.pk), **{name: "\n".join(parts) for name, parts in texts.items() if parts}}


def _values(obj: Any, search_fields: list, prefix: str = "") -> Iterator[tuple[str, Any, Any]]:
    for field in search_fields:
        if isinstance(field, RelatedFields):
            for related in _related(field.get_value(obj)):
                yield from _values(related, field.fields, f"{prefix}{field.field_name}__")
        elif isinstance(field, SearchField | AutocompleteField):
            yield prefix + field.field_name, field, field.get_value(obj)


def _related(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    if isinstance(value, Manager | QuerySet):
        return value.all()
    return (value,)


def _texts(value: Any) -> list[str]:
    """The texts in what a field gives: lists and dictionaries hold some, nothing holds none."""
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple | set):
        return [text for part in value for text in _texts(part)]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    return [str(value)]
