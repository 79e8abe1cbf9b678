"""The gate: refuses a page before Wagtail serves it, and does nothing else.

A refusal *is* Wagtail's answer to an address without a page: the same exception on the same way out, so that status,
headers and body cannot differ. What an anonymous visitor gets instead, for restricted and missing pages alike, is made
of it in ``middleware.py``. Editors are ordinary viewers here; previews and the admin do not pass the gate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest

from wagtail_personalize.segments.viewer import viewer_for

from .audiences import visible_audience_ids
from .path_query import audiences_before
from .preview_rights import step_back


def gate(page: Model, request: HttpRequest, serve_args: Sequence[Any], serve_kwargs: Mapping[str, Any]) -> None:
    """Raise ``Http404`` when a restriction on the way to ``page`` leaves the viewer out. Costs the viewer's query."""
    viewer = viewer_for(request)
    if viewer.previewer is not None:
        step_back(viewer, page)
    audiences = audiences_before(viewer, page)
    if not audiences:
        return
    if not visible_audience_ids(viewer, audiences).issuperset(audiences):
        request._wagtail_route_for_request = None  # as if there were no page, also for whoever renders the answer
        raise Http404
    viewer.mark()
