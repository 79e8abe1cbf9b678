"""Asks the site's search backend for the keys of what it finds, best first.

Engines in the database filter by the one door themselves. Others know nothing of it: they are asked without, for more,
and what they found is filtered afterwards.
"""

import logging
from typing import Any

from django.db.models import QuerySet
from modelsearch.backends import get_search_backend
from modelsearch.backends.base import FieldError, FilterError

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.visibility import visible

logger = logging.getLogger(__name__)
#: So many of the best are looked at; who finds more should say more.
MOST_HITS = 500
#: Where the engine cannot filter, so many more.
MOST_UNFILTERED = 2000


class Unavailable(Exception):
    """The search engine does not answer."""


def ranked_keys(objects: QuerySet, words: str, viewer: Viewer, *, by_prefix: bool = False) -> list[Any]:
    """The primary keys of those of ``objects`` that match all ``words``; ``by_prefix`` also begun words.

    May name objects that the viewer may not see. Raises ``Unavailable``.
    """
    try:
        return _ask(visible(objects, viewer), words, by_prefix, MOST_HITS)
    except (FilterError, FieldError):
        return _ask(objects, words, by_prefix, MOST_UNFILTERED)


def _ask(objects: QuerySet, words: str, by_prefix: bool, most: int) -> list[Any]:
    backend = get_search_backend()
    ask = backend.autocomplete if by_prefix else backend.search
    try:
        return [found.pk for found in ask(words, objects.only("pk"), operator="and")[:most]]
    except (FilterError, FieldError):
        raise
    except Exception as error:  # whatever an engine's client raises when its server is away
        logger.warning("The search engine does not answer: %s", error)
        raise Unavailable from error
