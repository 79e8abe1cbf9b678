"""Sources as a viewer may see them, and the rows that stand for them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from wagtail.models import Page

from wagtail_personalize.segments.asked_once import found_once
from wagtail_personalize.segments.context import current_viewer, is_viewed
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model

from ..models import Hashtag
from .colleagues import PERSON, key_of_person
from .hashtags import HASHTAG, key_of_hashtag
from .kinds import Shown, SourceKind, kind_called, kinds
from .models import Source
from .pages import PAGE, key_of_page

#: By which a source is the same everywhere: its kind and its key there.
Name = tuple[str, str]


def find(kind: str, key: str, viewer: Viewer) -> Shown | None:
    """The source, if it exists for ``viewer``."""
    return find_all([(kind, key)], viewer).get((kind, key))


def find_all(names: Iterable[Name], viewer: Viewer) -> dict[Name, Shown]:
    """Those of these sources that exist for ``viewer``; a few queries for each kind, and each is asked for once."""
    return found_once(viewer, f"sources {get_language()}", list(names), lambda some: _find(some, viewer))


def _find(names: list[Name], viewer: Viewer) -> dict[Name, Shown]:
    by_kind: dict[str, list[str]] = {}
    for kind, key in names:
        by_kind.setdefault(kind, []).append(key)
    found: dict[Name, Shown] = {}
    for kind in kinds():
        if keys := by_kind.get(kind.name):
            found |= {(kind.name, key): shown for key, shown in kind.found(keys, viewer).items()}
    return found


def name_of(obj: Any) -> Name:
    """The kind and key of a page, a hashtag, a user, or of what has a ``source_name`` of its own."""
    if isinstance(obj, page_model()):
        return PAGE, key_of_page(obj)
    if isinstance(obj, Hashtag):
        return HASHTAG, key_of_hashtag(obj)
    if hasattr(obj, "source_name"):
        return obj.source_name
    return PERSON, key_of_person(obj)


def source_for(name: Name) -> Source:
    """The row of a source, made when there is none. Who may follow it is for the caller to ask."""
    kind, key = name
    return Source.objects.get_or_create(kind=kind, key=key)[0]


def source_ids(names: Iterable[Name]) -> dict[Name, int]:
    """The ids of those sources that have a row, by their names; one query for each kind."""
    by_kind: dict[str, set[str]] = {}
    for kind, key in names:
        by_kind.setdefault(kind, set()).add(key)
    return {
        (kind, key): pk
        for kind, keys in by_kind.items()
        for key, pk in Source.objects.filter(kind=kind, key__in=keys).values_list("key", "pk")
    }


def sources_of(pages: Iterable[Page]) -> Mapping[Any, set[int]]:
    """By the key of each page: the ids of the sources of which it is an item, as far as anybody ever followed them."""
    pages = list(pages)
    names = {page.pk: set() for page in pages}
    for kind in kinds():
        for pk, keys in kind.keys_of(pages).items():
            names[pk] |= {(kind.name, key) for key in keys}
    ids = source_ids({name for some in names.values() for name in some})
    return {pk: {ids[name] for name in some if name in ids} for pk, some in names.items()}


def label_for_editors(source: Source, viewer: Viewer | None = None) -> str:
    """What a source is called in the admin."""
    return labels_for_editors([source], viewer)[source.pk]


def labels_for_editors(sources: Iterable[Source], viewer: Viewer | None = None) -> dict[int, str]:
    """What sources are called in the admin; a fixed number of queries.

    An editor (``viewer``, by default whoever this is being rendered for) reads no title of a page that is closed to
    them. A command or a job names everything.
    """
    sources = list(sources)
    viewer = viewer or (current_viewer() if is_viewed() else None)
    by_kind: dict[str, list[str]] = {}
    for source in sources:
        by_kind.setdefault(source.kind, []).append(source.key)
    labels = {name: _labels(kind, by_kind[name], viewer) for name in by_kind if (kind := kind_called(name))}
    return {source.pk: labels.get(source.kind, {}).get(source.key) or str(source) for source in sources}


def _labels(kind: SourceKind, keys: list[str], viewer: Viewer | None) -> Mapping[str, str]:
    return kind.labels(keys) if viewer is None else kind.labels_for(keys, viewer)
