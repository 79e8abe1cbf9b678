"""The pictures of pages in a list: of all of them in one query, whatever the fields of the site are called."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model
from wagtail.models import Page


def with_pictures(pages: Iterable[Page]) -> list[Page]:
    """The same pages, of their own types, with the Wagtail images that they point to."""
    pages = list(pages)
    missing = [(page, field) for page in pages for field in _fields(type(page)) if _is_unknown(page, field)]
    if missing:
        found = _images(missing)
        for page, field in missing:
            field.set_cached_value(page, found.get(getattr(page, field.attname)))
    return pages


def _images(missing: list[tuple[Page, Field]]) -> dict[Any, Model]:
    keys = {getattr(page, field.attname) for page, field in missing}
    return missing[0][1].related_model._base_manager.in_bulk(list(keys))


def _is_unknown(page: Page, field: Field) -> bool:
    is_loaded = field.attname in page.__dict__ and not field.is_cached(page)
    return is_loaded and getattr(page, field.attname) is not None


@cache
def _fields(model: type[Model]) -> tuple[Field, ...]:
    if not apps.is_installed("wagtail.images"):
        return ()
    from wagtail.images import get_image_model

    fields = model._meta.concrete_fields
    return tuple(one for one in fields if isinstance(one, ForeignKey) and one.related_model is get_image_model())
