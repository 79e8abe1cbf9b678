"""What a move would open: the restrictions that hold for something now and would not at its new place."""

from collections.abc import Iterable

from django.db.models import Model
from wagtail.models import Collection, CollectionMember

from .audiences import clauses_of
from .clauses import Clauses
from .collection_audiences import clauses_at, collection_audience
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


def lost_by_moving_collection(collection: Collection, destination: Collection) -> Clauses:
    """The clauses that would end for the files of ``collection`` below ``destination``; its own choice moves along."""
    own = collection_audience(collection)
    above = collection.path[: -Collection.steplen]
    return clauses_at(above) - clauses_at(destination.path) - clauses_of(own and own.access)


def lost_by_refiling(files: Iterable[CollectionMember], destination: Collection) -> dict[CollectionMember, Clauses]:
    """The documents, images and the like that more people could have in ``destination``, as they are stored now."""
    files = list(files)
    there = clauses_at(destination.path)
    paths = _paths(files)
    here = {path: clauses_at(path) - there for path in set(paths.values())}
    return {file: lost for file in files if (lost := here.get(paths.get(file.pk, ""), NOTHING.access))}


def _paths(files: list[CollectionMember]) -> dict[int, str]:
    """Where these files lie in the database: a form has changed its object already when it asks."""
    if not files:
        return {}
    stored = type(files[0])._base_manager.order_by().filter(pk__in=[file.pk for file in files])
    return dict(stored.values_list("pk", "collection__path"))
