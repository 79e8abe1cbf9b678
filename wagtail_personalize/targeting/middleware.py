"""One answer for a page or document that is missing and one that somebody may not see."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.module_loading import import_string

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import viewer_for

from .doors.files import ASKED, GUARDED
from .doors.missing import work_as_if_refused

_REDIRECTS = "wagtail.contrib.redirects.middleware.RedirectMiddleware"


class SameAnswerMiddleware:
    """Turns what Wagtail answers where no page is to be seen into the same answer for missing and restricted pages.

    With ``ANONYMOUS = "login"`` an anonymous visitor is sent to the login; everybody else gets the site's own page for
    *not found*. Neither may be kept by a cache. The same holds for documents. Belongs behind ``ViewerMiddleware``.
    Wagtail's redirects for old addresses go first, wherever their own middleware stands.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.redirects = import_string(_REDIRECTS)(get_response) if _REDIRECTS in settings.MIDDLEWARE else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, GUARDED, False):
            _ask_again_each_time(response)
        if not _found_nothing(request):
            return response
        if not getattr(request, ASKED, False):
            work_as_if_refused(request)
        anonymous = viewer_for(request).is_anonymous  # asked first: even that leaves a trace in the headers
        if response.status_code == 404 and self.redirects:
            response = self.redirects.process_response(request, response)
        if response.status_code == 404:
            if anonymous and get_settings().ANONYMOUS == "login":
                response = redirect_to_login(request.get_full_path(), login_url())
            add_never_cache_headers(response)
            patch_vary_headers(response, ["Cookie"])
        return response


def _found_nothing(request: HttpRequest) -> bool:
    """Whether Wagtail was asked for a page and found none, or was asked for a document."""
    return getattr(request, "_wagtail_route_for_request", True) is None or getattr(request, ASKED, False)


def _ask_again_each_time(response: HttpResponse) -> None:
    """A file that only some people may have: a browser may keep it, and asks each time whether it still may."""
    if "no-store" not in response.get("Cache-Control", ""):
        response["Cache-Control"] = "private, no-cache"


def login_url() -> str:
    """Where Wagtail sends the visitors of private pages, else the site's own ``LOGIN_URL``, else Wagtail's login."""
    chosen = getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", None)
    if chosen is None and settings.is_overridden("LOGIN_URL"):
        chosen = settings.LOGIN_URL
    return chosen or reverse("wagtailcore_login")
