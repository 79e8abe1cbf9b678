"""What announcements, menus, landing pages and topics there are, kept in the process under one version.

The version comes with the viewer's own query, so a page asks the database again only after an editor changed something.
It is the same for everybody: who may see what of it is decided in each request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils import timezone

from wagtail_personalize.people.folding import fold
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.personas.models import Persona, PersonaTopic
from wagtail_personalize.segments.viewer import Viewer

if TYPE_CHECKING:
    from .models import Announcement, KnowledgeTopic, LandingPage

#: The name of the state version.
CONTENT = "content"


@dataclass(frozen=True)
class ContentMemory:
    """Everything at ``version``; never changed."""

    version: int
    announcements: tuple["Announcement", ...] = ()
    landing_pages: tuple["LandingPage", ...] = ()
    #: By short name: what a menu is called and its entries in their stored form.
    menus: Mapping[str, tuple[str, list[dict[str, Any]]]] = field(default_factory=dict)
    #: By short name.
    topics: Mapping[str, "KnowledgeTopic"] = field(default_factory=dict)
    #: By the short name of a topic: the ids of the segments whose persona knows it well.
    well_known: Mapping[str, frozenset[int]] = field(default_factory=dict)


_latest = ContentMemory(0)


def content_memory(viewer: Viewer) -> ContentMemory:
    """The memory for this viewer's version; asks the database only when that has grown."""
    global _latest
    version, memory = viewer.version(CONTENT), _latest
    if memory.version != version:
        memory = _latest = _load(version) if version else ContentMemory(0)
    _tell_cache(memory, viewer)
    return memory


def _tell_cache(memory: ContentMemory, viewer: Viewer) -> None:
    """What is read from memory instead of the database counts as read, and may become another one at these times."""
    listener: Any = getattr(viewer, "listener", None)
    if listener is not None:
        if hasattr(listener, "uses"):
            listener.uses.tables.update(model._meta.db_table for model in kept_in_memory())
        timed = (*memory.announcements, *memory.landing_pages)
        listener.moment(*(moment for each in timed for moment in (each.visible_from, each.visible_until)))


def kept_in_memory() -> tuple[type[Model], ...]:
    """The models whose rows are kept here."""
    from .models import Announcement, KnowledgeTopic, LandingPage, Menu

    return Announcement, KnowledgeTopic, LandingPage, Menu, Persona, PersonaTopic


def _load(version: int) -> ContentMemory:
    from .models import Announcement, KnowledgeTopic, LandingPage, Menu

    topics = {topic.slug: topic for topic in KnowledgeTopic.objects.all()}
    still = Announcement.objects.exclude(visible_until__lte=timezone.now())
    return ContentMemory(
        version,
        tuple(sorted(still, key=lambda announcement: (-announcement.rank, -announcement.pk))),
        tuple(LandingPage.objects.order_by("order", "pk")),
        {menu.slug: (menu.name, list(menu.entries.raw_data)) for menu in Menu.objects.all()},
        topics,
        _well_known(topics),
    )


def _well_known(topics: Mapping[str, "KnowledgeTopic"]) -> dict[str, frozenset[int]]:
    """Personas name their topics in words; a topic with the same name, whatever its case and accents, is meant."""
    known: dict[str, set[int]] = {}
    rows = PersonaTopic.objects.filter(knowledge__gte=PersonaTopic.Knowledge.GOOD, persona__segment__isnull=False)
    for name, segment in rows.values_list("topic", "persona__segment") if topics else ():
        known.setdefault(fold(name), set()).add(segment)
    return {slug: frozenset(known.get(fold(topic.name), ())) for slug, topic in topics.items()}


def forget(**kwargs: Any) -> None:
    """Receiver: something of it was saved or deleted."""
    versions.grow(CONTENT)
