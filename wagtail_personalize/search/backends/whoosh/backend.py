"""What ``WAGTAILSEARCH_BACKENDS`` names."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from modelsearch.backends.base import BaseSearchBackend, get_model_root

from .compiling import WhooshAutocompleteQueryCompiler, WhooshSearchQueryCompiler
from .index import WhooshIndex, WhooshRebuilder
from .results import WhooshSearchResults

#: Seconds that a save waits for another process to finish writing.
LOCK_TIMEOUT = 10


class WhooshSearchBackend(BaseSearchBackend):
    """One index per root model below ``PATH``, a directory that all processes of one machine share.

    ``LOCK_TIMEOUT`` is how many seconds a save waits for another one that writes to the same index.
    """

    query_compiler_class = WhooshSearchQueryCompiler
    autocomplete_query_compiler_class = WhooshAutocompleteQueryCompiler
    index_class = WhooshIndex
    results_class = WhooshSearchResults
    rebuilder_class = WhooshRebuilder
    #: A full disk must not keep a page from being saved.
    catch_indexing_errors = True

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        if not params.get("PATH"):
            raise ImproperlyConfigured(
                'The Whoosh search backend needs to know where its index lies: add "PATH" to its entry in '
                "WAGTAILSEARCH_BACKENDS, a directory outside of MEDIA_ROOT that the site may write to."
            )
        self.path = Path(params["PATH"])
        self.lock_timeout = float(params.get("LOCK_TIMEOUT", LOCK_TIMEOUT))

    def get_index_for_model(self, model: type[Model]) -> WhooshIndex:
        return self.index_class(self, get_model_root(model)._meta.label_lower.replace(".", "_"))
