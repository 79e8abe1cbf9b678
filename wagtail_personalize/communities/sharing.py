"""*Share*: a link to copy, or an e-mail that the reader's own program writes. Only that somebody shared is told on."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_personalize.hookspecs import record
from wagtail_personalize.segments.viewer import Viewer, viewer_for
from wagtail_personalize.streams.pages.changing import ChangingView
from wagtail_personalize.streams.pages.missing import missing

from .open_page import open_page, page_given


def share_context(page: Any, viewer: Viewer, request: HttpRequest | None) -> dict[str, Any]:
    """The full address of a page and a link that begins an e-mail; nothing for visitors."""
    opened = page_given(page, viewer)
    if opened is None or viewer.person_id is None or viewer.is_preview:
        return {"shared_page": None}
    url = opened.get_url(request) or ""
    url = request.build_absolute_uri(url) if request is not None else url
    body = _("I thought this might interest you:") + f"\r\n\r\n{opened.title}\r\n{url}"
    return {
        "shared_page": opened,
        "shared_url": url,
        "mail_url": f"mailto:?subject={quote(opened.title)}&body={quote(body)}",
    }


class ShareView(ChangingView):
    """A script tells that the link was copied, or an e-mail begun; nothing of it is stored here."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        viewer = viewer_for(request)
        page = open_page(key, viewer)
        if page is None or viewer.person_id is None:
            return missing(request)
        record("share", page, viewer)
        return HttpResponse(status=204)
