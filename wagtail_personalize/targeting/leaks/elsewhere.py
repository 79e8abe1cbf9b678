"""A last doubt before something counts as a leak: do these few words stand somewhere else on the site, for everybody?

A page called "Holidays" is not betrayed by a button "Holidays". Short fingerprints are looked for in the sources of all
templates and in the texts of all models that hold no pages and no copies of pages.
"""

from functools import cached_property

from django.apps import apps
from django.db.models import CharField, Model, Q, TextField
from wagtail.models import Page

from ..template_sources import template_sources
from ..visibility import has_listing
from .fingerprints import Fingerprint
from .reading import whole

#: What keeps copies of pages, or is never shown on a site.
_COPIES = frozenset(
    (
        *("wagtailcore", "wagtailsearch", "modelsearch", "wagtailadmin", "wagtail_localize", "wagtailredirects"),
        *("contenttypes", "sessions", "admin", "auth", "django_tasks_database"),
    )
)
_MOST_WORDS = 3


class Elsewhere:
    """Remembers what it was asked, so every fingerprint is looked for once."""

    def __init__(self) -> None:
        self._known: dict[int, bool] = {}

    def has(self, found: Fingerprint) -> bool:
        """Whether these words prove nothing."""
        if found.kind not in ("title", "text") or len(found.words) > _MOST_WORDS:
            return False
        if id(found) not in self._known:
            text = whole(found.text)
            self._known[id(found)] = self._in_templates(text) or any(
                _in_model(model, found.text) for model in _models()
            )
        return self._known[id(found)]

    def _in_templates(self, text: str) -> bool:
        return any(text in source for source in self._templates)

    @cached_property
    def _templates(self) -> list[str]:
        return [whole(source.text) for source in template_sources(installed=True)]


def _models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and model._meta.app_label not in _COPIES
        and not model._meta.app_label.startswith("personalize_")
        and not issubclass(model, Page)
        and not has_listing(model)
    ]


def _in_model(model: type[Model], text: str) -> bool:
    fields = [field.name for field in model._meta.concrete_fields if isinstance(field, CharField | TextField)]
    asked = Q()
    for name in fields:
        asked |= Q(**{f"{name}__icontains": text})
    return bool(fields) and model._default_manager.filter(asked).exists()
