"""The contents that events are about: found or made in sets, and what else an event on a page counts for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Site

from wagtail_personalize.targeting.page_tree import page_model

from ..models import Content
from .happened import Counted


@dataclass(frozen=True)
class Place:
    """Where a page is: its keys, its path, and the place of its section, if it lies in one."""

    pk: Any
    translation_key: str
    path: str
    title: str
    section: "Place | None" = None


def content_ids(wanted: Iterable[Counted], labels: Mapping[Counted, str]) -> dict[Counted, int]:
    """The keys of these contents, made where they are missing; one query where none is.

    Words that were searched for rarely are forgotten; who searches for them again brings their label back.
    """
    wanted = set(wanted)
    found, nameless = _stored(wanted)
    for content in sorted(nameless & {content for content, label in labels.items() if label}):
        Content.objects.filter(pk=found[content], label="").update(label=labels[content][:255])
    if missing := wanted - found.keys():
        rows = [Content(type=c.type, key=c.key, label=labels.get(c, "")[:255]) for c in sorted(missing)]
        Content.objects.bulk_create(rows, ignore_conflicts=True)
        found |= _stored(missing)[0]
    return found


def _stored(wanted: Collection[Counted]) -> tuple[dict[Counted, int], set[Counted]]:
    """The keys of those that there are, and which of them have no label."""
    rows = Content.objects.filter(key__in={content.key for content in wanted})
    found = {Counted(kind, key): (pk, label) for kind, key, pk, label in rows.values_list("type", "key", "pk", "label")}
    found = {content: stored for content, stored in found.items() if content in wanted}
    return {c: pk for c, (pk, _label) in found.items()}, {c for c, (_pk, label) in found.items() if not label}


def places(translation_keys: Collection[str]) -> dict[str, list[Place]]:
    """Where pages are, in each of their languages. A section is a child of a site's home page, with all below it."""
    if not translation_keys:
        return {}
    pages = page_model()._base_manager.order_by("pk")
    rows = _read(pages.filter(translation_key__in=translation_keys))
    homes = set(pages.filter(translation_key__in=_home_keys()).values_list("path", flat=True))
    above = {row.path: _section_path(row.path, homes) for row in rows}
    sections = {row.path: row for row in _read(pages.filter(path__in=set(above.values())))}
    found: dict[str, list[Place]] = {}
    for row in rows:
        found.setdefault(row.translation_key, []).append(replace(row, section=sections.get(above[row.path])))
    return found


def _read(pages: QuerySet) -> list[Place]:
    rows = pages.values_list("pk", "translation_key", "path", "title")
    return [Place(pk, str(key), path, title) for pk, key, path, title in rows]


def _home_keys() -> Any:
    return Site.objects.order_by().values("root_page__translation_key")


def _section_path(path: str, homes: Collection[str]) -> str:
    """The path of the page below the nearest home page, empty outside of all sites and for home pages themselves."""
    step = page_model().steplen
    for end in range(len(path) - step, 0, -step):
        if path[:end] in homes:
            return path[: end + step]
    return ""
