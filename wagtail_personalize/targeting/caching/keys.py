"""Keys of what is stored, in two levels.

First the *recipe* of an address or a fragment: which segments, facts and tables it was seen to use. Then the *variant*:
what was rendered for those viewers who agree in all that the recipe names, under the versions that it names. A variant
is stored under a recipe that names at least everything its own rendering used; a viewer who agrees in it would have
taken the same way through the templates, so it does not matter that others take another one.

The recipe is only a way to guess the key. An old one, or one of another process, leads to a variant that is right for
the viewer or to none: the versions in the key are always those that the database has for this request.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from wagtail_personalize.segments import versions
from wagtail_personalize.segments.viewer import Viewer

from .announcing import version_of
from .facts import values


@dataclass(frozen=True)
class PageState:
    """Which page, in which published version, and where it was in the tree."""

    id: Any
    revision: int
    path: str
    url_path: str

    @classmethod
    def of(cls, page: Any) -> "PageState":
        return cls(page.pk, page.live_revision_id or 0, page.path, page.url_path)


@dataclass(frozen=True)
class Recipe:
    """What is used; ``made_under`` are the versions under which that was found out."""

    page: PageState
    made_under: tuple[int, ...]
    segments: frozenset[int] = frozenset()
    facts: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    #: Whether the gate and Wagtail's privacy are all that stands before the page.
    early: bool = False

    def with_more(self, other: "Recipe | None") -> "Recipe":
        """This, and what an earlier rendering of the same used."""
        if other is None or (other.page, other.made_under) != (self.page, self.made_under):
            return self
        return Recipe(
            self.page,
            self.made_under,
            self.segments | other.segments,
            self.facts | other.facts,
            self.tables | other.tables,
            self.early and other.early,
        )

    def to_raw(self) -> dict[str, Any]:
        return {**asdict(self), "page": asdict(self.page)}

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> "Recipe":
        return cls(**{**raw, "page": PageState(**raw["page"])})

    def generation(self, viewer: Viewer) -> tuple:
        """What all variants of now have in common."""
        tables = sorted(self.tables)
        used = sorted(self.segments), sorted(self.facts), tables
        numbers = [viewer.version(version_of(table)) for table in tables]
        return self.page, self.early, made_under(viewer), used, numbers

    def variant(self, viewer: Viewer) -> tuple:
        """What distinguishes this viewer's."""
        return sorted(viewer.unheard_segment_ids & self.segments), values(self.facts, viewer)


def made_under(viewer: Viewer) -> tuple[int, ...]:
    """The versions that decide what segments and audiences mean and who may see which page."""
    return tuple(viewer.version(name) for name in (versions.SEGMENTS, versions.AUDIENCES, versions.VISIBILITY))


def address_of(request: HttpRequest) -> tuple:
    """What tells one address from another: also in another language or time zone it is another one."""
    zone = timezone.get_current_timezone_name() if settings.USE_TZ else ""
    return request.scheme, request.get_host(), request.get_port(), request.path, get_language(), zone


def key_of(kind: str, *parts: Any) -> str:
    digest = blake2b(repr(parts).encode(), digest_size=20).hexdigest()
    return f"wagtail_personalize.{kind}.{digest}"
