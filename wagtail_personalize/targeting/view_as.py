"""The live site as somebody else sees it, for an editor who works on it.

Nobody is signed in as anybody: the user of the request stays the editor, and only the *viewer* is another one. It is
begun and ended by POST, stands signed in the editor's session, ends by itself after an hour, and is checked again for
each request: a right that was lost ends it. The editor never sees more than in a preview: no page that is closed to
them (``preview_rights``), and on a page that they do not work on they are themselves. No cache keeps anything of it.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.viewer import Viewer, viewer_for

from .preview_rights import is_editor
from .preview_viewers import SEPARATOR, PreviewRefused, split_mode

MIDDLEWARE = "wagtail_personalize.targeting.view_as.ViewAsMiddleware"
SESSION_KEY = "wagtail_personalize_view_as"
#: Says that it is worth to look into the session; it gives no right by itself.
COOKIE = "personalize_view_as"
LASTS = timedelta(hours=1)

_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)


def is_offered() -> bool:
    """Whether this installation has the middleware."""
    return MIDDLEWARE in settings.MIDDLEWARE


def begin(request: HttpRequest, response: HttpResponse, whom: str) -> None:
    """See the site as ``whom``: what stands behind the separator in the name of a preview mode."""
    request.session[SESSION_KEY] = _signer(request.user).sign(whom)
    response.set_cookie(COOKIE, "1", max_age=LASTS, httponly=True, samesite="Lax", secure=request.is_secure())


def end(request: HttpRequest, response: HttpResponse) -> None:
    """Be oneself again."""
    request.session.pop(SESSION_KEY, None)
    response.delete_cookie(COOKIE, samesite="Lax")


def chosen_viewer(request: HttpRequest) -> Viewer | None:
    """As whom the editor of this request sees the site; ``None`` for themselves. Raises ``PreviewRefused``."""
    if COOKIE not in request.COOKIES or _is_admin(request):
        return None
    signed = request.session.get(SESSION_KEY)
    if signed is None or not is_editor(request.user):
        return None
    try:
        whom = _signer(request.user).unsign(signed, max_age=LASTS)
    except BadSignature:
        return None
    return split_mode(f"{SEPARATOR}{whom}", None, request.user)[1]


class ViewAsMiddleware:
    """Changes the viewer, and says so at the top of every page. Belongs right behind ``ViewerMiddleware``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            viewer = chosen_viewer(request)
        except PreviewRefused:
            viewer = None
        if viewer is None:
            return self.get_response(request)
        viewer_for(request).mark()  # whoever looked at it before: this answer is for nobody else
        request.viewer = viewer
        with viewing_as(viewer):
            response = self.get_response(request)
        for name in ("ETag", "Last-Modified"):
            response.headers.pop(name, None)
        response.headers.pop("Cache-Control", None)
        add_never_cache_headers(response)
        patch_vary_headers(response, ["Cookie"])
        return with_banner(request, response, viewer)


def with_banner(request: HttpRequest, response: HttpResponse, viewer: Viewer) -> HttpResponse:
    """The response with a banner at the beginning of its body; what is no page of HTML stays as it is."""
    is_html = response.get("Content-Type", "").startswith("text/html") and not response.get("Content-Encoding")
    found = _BODY.search(response.content) if is_html and not response.streaming else None
    if found is None:
        return response
    context = {"label": viewer.label, "own": viewer.previewer is None, "end_url": reverse(END), "here": _here(request)}
    context["csrf_token"] = get_token(request)
    banner = render_to_string("wagtail_personalize/targeting/view_as_banner.html", context, request)
    content = response.content
    response.content = content[: found.end()] + banner.encode(response.charset or "utf-8") + content[found.end() :]
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))
    return response


END = "personalize_targeting:view_as_end"


def _here(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in ("GET", "HEAD") else "/"


def _is_admin(request: HttpRequest) -> bool:
    """In the admin, and so in its previews, an editor is nobody else."""
    return request.path.startswith(reverse("wagtailadmin_home"))


def _signer(user: Any) -> TimestampSigner:
    return TimestampSigner(salt=f"wagtail_personalize.view_as.{user.pk}")
