"""``search/open/…``: a result is opened by way of this address, so that somebody who counts hears of it.

Works without JavaScript. It leads to nothing but what the reader may open, by its key; the words stand in a token that
only this reader can use, for a day.
"""

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View
from wagtail.documents import get_document_model

from wagtail_personalize.hookspecs import record, recorded
from wagtail_personalize.segments.viewer import Viewer, viewer_for
from wagtail_personalize.streams.open_pages import open_among
from wagtail_personalize.targeting.visibility import visible

from ..finding.searched import Opened

_SECONDS_VALID = 24 * 60 * 60
_SALT = "wagtail_personalize.search.opened"


def token_for(words: str, viewer: Viewer) -> str:
    """Names a search of this viewer; empty where nobody listens, or for visitors, of whom nothing is counted."""
    if not words or viewer.person_id is None or viewer.is_preview or not recorded.has_listeners():
        return ""
    return signing.dumps(words, salt=f"{_SALT}.{viewer.person_id}", compress=True)


def addresses(found: list[Any], kind: str, token: str, request: HttpRequest) -> list[Any]:
    """The same pages or documents; each has ``found_url``, by which its link leads to it."""
    for one in found:
        if token:
            one.found_url = f"{reverse('wagtail_personalize:search_open', args=[kind, one.pk])}?search={token}"
        else:
            one.found_url = _target(one, request)
    return found


@method_decorator(never_cache, name="dispatch")
class OpenView(View):
    """Counts that a result of a search was opened, and leads there."""

    def get(self, request: HttpRequest, kind: str, pk: str) -> HttpResponseRedirect:
        viewer = viewer_for(request)
        found = _found(kind, pk, viewer)
        if found is None:
            raise Http404
        words = _words(request.GET.get("search", ""), viewer)
        if words:
            record("search_opened", Opened(words), viewer)
        return HttpResponseRedirect(_target(found, request) or "/")


def _found(kind: str, pk: str, viewer: Viewer) -> Any:
    """What the viewer may open with this key; nothing else is told from what is missing."""
    try:
        if kind == "page":
            return open_among([pk], viewer).first()
        return visible(get_document_model().objects.filter(pk=pk), viewer).first()
    except (ValueError, ValidationError, OverflowError):
        return None


def _words(token: str, viewer: Viewer) -> str:
    try:
        return signing.loads(token, salt=f"{_SALT}.{viewer.person_id}", max_age=_SECONDS_VALID)
    except signing.BadSignature:
        return ""


def _target(found: Any, request: HttpRequest) -> str:
    """A page hears by ``via`` that its reader came from a search."""
    if hasattr(found, "file_extension"):
        return found.url
    address = found.get_url(request)
    return f"{address}?via=search" if address else ""
