"""Telling PostgreSQL in time how large its tables have become.

It plans by statistics that are gathered once a minute or so. Until then it takes a table that an import has just
filled for nearly empty and reads all of it for every batch.
"""

from django.contrib.auth import get_user_model
from django.db import connections, router

from wagtail_personalize.people.models import FoldedValue, ReportingLine

from ..mapping.binding import Binding


class Statistics:
    """Gathers them whenever the number of people made by this import has doubled."""

    def __init__(self, binding: Binding) -> None:
        self._models = [get_user_model(), binding.declaration.profile_model, ReportingLine, FoldedValue]
        self._made = 0
        self._next = 1000

    def grown(self, people: int) -> None:
        """So many people were made by the batch that has just been committed."""
        self._made += people
        if self._made >= self._next:
            self._next = 2 * self._made
            self._gather()

    def _gather(self) -> None:
        for model in self._models:
            connection = connections[router.db_for_write(model)]
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
