"""In how much depth a reader reads about a topic.

Their own choice counts: kept with the account of whoever is signed in, in a cookie for a visitor. Until they chose,
people in the topic's segments, and those whose persona knows the topic well, get the advanced text.
"""

from typing import Any

from django.http import HttpRequest

from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.viewer import Viewer

from ..audiences import recommended_audience_ids
from .cookies import read_pairs
from .memory import content_memory
from .models import Knowledge, KnowledgeChoice, KnowledgeTopic

#: The cookie in which a visitor keeps their choices.
COOKIE = "personalize_depth"


def level_of(slug: str, viewer: Viewer, request: HttpRequest | None) -> Knowledge:
    """How the viewer reads about this topic. Costs one query for all topics of a request, for whoever is signed in."""
    topic = content_memory(viewer).topics.get(slug)
    if topic is None:
        return Knowledge.BEGINNER
    viewer.mark()
    chosen = _choices(viewer, request).get(slug)
    return Knowledge(chosen) if chosen in Knowledge.values else _usual(topic, viewer)


def is_topic(slug: str, viewer: Viewer) -> bool:
    return slug in content_memory(viewer).topics


def _choices(viewer: Viewer, request: HttpRequest | None) -> dict[str, str]:
    if viewer.is_preview:
        return {}
    if viewer.person_id is None:
        return read_pairs(request, COOKIE) if request is not None else {}
    rows: Any = KnowledgeChoice.objects.filter(person=viewer.person_id).values_list("topic__slug", "level")
    return asked_once(viewer, "knowledge", lambda: dict(rows))


def _usual(topic: KnowledgeTopic, viewer: Viewer) -> Knowledge:
    """Before anything was chosen."""
    by_segment = topic.advanced_id is not None and topic.advanced_id in recommended_audience_ids(viewer)
    by_persona = not content_memory(viewer).well_known[topic.slug].isdisjoint(viewer.segment_ids)
    return Knowledge.ADVANCED if by_segment or by_persona else Knowledge.BEGINNER
