"""By what a result can be narrowed: type, section, hashtag, language, date and author, each with its number of pages.

Counted over what was found and may be opened, and nothing else. A facet with one value narrows nothing and is not
offered, unless it was chosen.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.coreutils import get_content_languages
from wagtail.models import Locale

from wagtail_personalize.people.names import person_name
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.hashtag_stream import visible_uses
from wagtail_personalize.streams.models import Hashtag
from wagtail_personalize.streams.open_pages import open_pages
from wagtail_personalize.targeting.page_tree import page_model

from .rows import Row

#: Sections are the pages below the home pages.
SECTION_DEPTH = 3
MOST_VALUES = 12
_AGES = {"week": (7, _("Last 7 days")), "month": (30, _("Last 30 days")), "year": (365, _("Last 12 months"))}


@dataclass(frozen=True)
class Value:
    """One value to narrow by, with the number of pages that it leaves."""

    key: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    name: str
    label: Any
    values: list[Value]


class Facets:
    """The facets of some rows for one viewer; a fixed number of queries."""

    LABELS = {
        "type": _("Type"),
        "section": pgettext_lazy("part of the site", "Section"),
        "hashtag": _("Hashtag"),
        "language": _("Language"),
        "date": _("Published"),
        "author": _("Author"),
    }

    def __init__(self, rows: Sequence[Row], viewer: Viewer) -> None:
        self.rows, self.viewer, self._now = rows, viewer, timezone.now()
        self._hashtags: dict[Any, set[int]] | None = None

    def keys(self, name: str, row: Row) -> Iterable[Any]:
        """The values that a row has of the facet called ``name``."""
        found: Callable[[Row], Iterable[Any]] = getattr(self, f"_{name}")
        return found(row)

    def narrowed(self, chosen: Mapping[str, str]) -> list[Row]:
        """The rows that have all that was chosen, by the names of facets."""
        return [
            row
            for row in self.rows
            if all(key in map(str, self.keys(name, row)) for name, key in chosen.items() if name in self.LABELS)
        ]

    def offered(self, rows: Sequence[Row], chosen: Mapping[str, str]) -> list[Facet]:
        """What ``rows`` can still be narrowed by, and what was chosen."""
        found = [self._facet(name, rows, chosen.get(name, "")) for name in self.LABELS]
        return [facet for facet in found if len(facet.values) > 1 or any(value.is_chosen for value in facet.values)]

    def _facet(self, name: str, rows: Sequence[Row], chosen: str) -> Facet:
        counts = Counter(key for row in rows for key in self.keys(name, row))
        labels = getattr(self, f"_{name}_labels")([key for key, _count in counts.most_common(MOST_VALUES)])
        values = [Value(str(key), str(label), counts[key], str(key) == chosen) for key, label in labels.items()]
        return Facet(name, self.LABELS[name], values)

    def _type(self, row: Row) -> Iterable[int]:
        return [row.content_type_id]

    def _type_labels(self, keys: list[int]) -> dict[int, str]:
        types = {key: ContentType.objects.get_for_id(key).model_class() for key in keys}
        return {key: capfirst(model._meta.verbose_name) for key, model in types.items() if model is not None}

    def _section(self, row: Row) -> Iterable[str]:
        end = SECTION_DEPTH * page_model().steplen
        return [row.path[:end]] if len(row.path) >= end else []

    def _section_labels(self, keys: list[str]) -> dict[str, str]:
        titles = dict(open_pages(self.viewer).filter(path__in=keys).values_list("path", "title")) if keys else {}
        return {key: titles[key] for key in keys if key in titles}

    def _hashtag(self, row: Row) -> Iterable[int]:
        if self._hashtags is None:
            uses = visible_uses(self.viewer).filter(page__in=[one.pk for one in self.rows])
            self._hashtags = {}
            for page, main in uses.values_list("page_id", "main") if self.rows else ():
                self._hashtags.setdefault(page, set()).add(main)
        return self._hashtags.get(row.pk, ())

    def _hashtag_labels(self, keys: list[int]) -> dict[int, str]:
        found = Hashtag.objects.in_bulk(keys) if keys else {}
        return {key: str(found[key]) for key in keys if key in found}

    def _language(self, row: Row) -> Iterable[Any]:
        return [row.locale_id]

    def _language_labels(self, keys: list[Any]) -> dict[Any, str]:
        names = get_content_languages()
        codes = dict(Locale.objects.filter(pk__in=keys).values_list("pk", "language_code")) if keys else {}
        return {key: names.get(codes[key], codes[key]) for key in keys if key in codes}

    def _date(self, row: Row) -> Iterable[str]:
        published: datetime | None = row.first_published_at
        if published is None:
            return []
        return [name for name, (days, _label) in _AGES.items() if published >= self._now - timedelta(days=days)]

    def _date_labels(self, keys: list[str]) -> dict[str, str]:
        return {name: label for name, (_days, label) in _AGES.items() if name in keys}

    def _author(self, row: Row) -> Iterable[Any]:
        return [row.owner_id] if row.owner_id else []

    def _author_labels(self, keys: list[Any]) -> dict[Any, str]:
        if self.viewer.is_anonymous or not keys:
            return {}
        users = get_user_model()._default_manager.filter(is_active=True).in_bulk(keys)
        return {key: person_name(users[key]) for key in keys if key in users}
