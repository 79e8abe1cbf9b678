"""What a move would open: the restrictions that hold for a page now and would not at its new place."""

from django.db.models import Model

from .clauses import Clauses
from .inheritance import NOTHING, Inheritance


def lost_by_moving(pages: list[Model], destination: Model) -> dict[Model, Clauses]:
    """The pages that more people could see below ``destination``, each with the clauses that would end.

    What was chosen for a page itself moves with it, and so does what an alias has from its source.
    """
    site = Inheritance.load()
    there = site.at(destination.path)

    def lost(page: Model) -> Clauses:
        kept = there.union(site.own.get(page.path, NOTHING))
        if page.path in site.sources:
            kept = kept.union(site.at(site.sources[page.path]))
        return site.at(page.path).access - kept.access

    return {page: clauses for page in pages if (clauses := lost(page))}
