"""A search backend whose server is never there; everything else is as the contract has it."""

from modelsearch.backends.database.fallback import (
    DatabaseSearchBackend,
    DatabaseSearchQueryCompiler,
    DatabaseSearchResults,
)


class _Results(DatabaseSearchResults):
    def _do_search(self):
        raise ConnectionError("The server is away.")


class SearchBackend(DatabaseSearchBackend):
    query_compiler_class = DatabaseSearchQueryCompiler
    results_class = _Results


SearchBackend.__module__ = __name__
