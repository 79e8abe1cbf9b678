"""One of modelsearch's server backends, made to know audiences."""

from typing import Any

from django.db.models import Model
from modelsearch.backends.base import get_model_root

from .compiling import AudienceCompiler
from .documents import AudienceMapping
from .index import NotingIndex, NotingRebuilder
from .results import WholeFacets


def knowing_audiences(base: type) -> type:
    """A subclass of ``base``, with subclasses of all its parts."""
    mapping = type("Mapping", (AudienceMapping, base.mapping_class), {})
    knowing = {"mapping_class": mapping}
    parts = {
        "index_class": (NotingIndex, {}),
        "query_compiler_class": (AudienceCompiler, knowing),
        "autocomplete_query_compiler_class": (AudienceCompiler, knowing),
        "results_class": (WholeFacets, {}),
        "basic_rebuilder_class": (NotingRebuilder, {}),
        "atomic_rebuilder_class": (NotingRebuilder, {}),
    }
    made = {name: type(name, (part, getattr(base, name)), more) for name, (part, more) in parts.items()}
    return type("SearchBackend", (KnowingAudiences, base), {**knowing, **made, "__doc__": KnowingAudiences.__doc__})


class KnowingAudiences:
    """What ``WAGTAILSEARCH_BACKENDS`` names. Its options are those of modelsearch's backend."""

    knows_audiences = True

    def get_index_for_model(self, model: type[Model]) -> Any:
        index = super().get_index_for_model(model)
        index.root = get_model_root(model)
        return index
