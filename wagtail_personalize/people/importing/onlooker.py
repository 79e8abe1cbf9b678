"""Whoever wants to see what an import does, while it does it."""

from typing import TYPE_CHECKING

from django.db.models import Model

from .models import ImportRun

if TYPE_CHECKING:
    from .batch.planning import Plan


class Onlooker:
    """Override what you want to hear of. Whatever it raises ends the import as if it had been killed there."""

    def begun(self, run: ImportRun) -> None:
        """A real run is on record."""

    def settled(self, plan: "Plan") -> None:
        """The lines of a batch are compared, and written unless this is a dry run."""

    def absent(self, users: list[Model]) -> None:
        """In full mode: these people are in no line, and become inactive."""
