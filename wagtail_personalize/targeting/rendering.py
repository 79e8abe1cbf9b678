"""For whom a template, a block or an API answer is being rendered."""

from collections.abc import Mapping
from typing import Any

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer, viewer_for


def viewer_in(context: Mapping[str, Any] | None) -> Viewer:
    """The viewer of the request in a template or serializer context; without one, whoever is being rendered for."""
    request = context.get("request") if context else None
    return current_viewer() if request is None else viewer_for(request)


def is_editing(context: Mapping[str, Any] | None) -> bool:
    """Whether this is a signed request of Wagtail's editing API (version 3).

    What it reads is written back as a whole, and it gives only pages that its user may edit; so it must see all blocks
    and their audiences. Anonymous requests to the same API see what anonymous visitors see.
    """
    request = context.get("request") if context else None
    match = getattr(request, "resolver_match", None)
    return match is not None and "wagtailapi_v3" in match.namespaces and request.user.is_authenticated
