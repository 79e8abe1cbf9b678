"""One answer for a page that is missing and a page that one may not see."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.module_loading import import_string

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import viewer_for

_REDIRECTS = "wagtail.contrib.redirects.middleware.RedirectMiddleware"


class SameAnswerMiddleware:
    """Turns what Wagtail answers where no page is to be seen into the same answer for missing and restricted pages.

    With ``ANONYMOUS = "login"`` an anonymous visitor is sent to the login; everybody else gets the site's own page for
    *not found*. Neither may be kept by a cache. Belongs behind ``ViewerMiddleware``. Wagtail's redirects for old
    addresses go first, wherever their own middleware stands.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.redirects = import_string(_REDIRECTS)(get_response) if _REDIRECTS in settings.MIDDLEWARE else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "_wagtail_route_for_request", True) is not None:
            return response  # Wagtail found a page, or was not asked
        anonymous = viewer_for(request).is_anonymous  # asked first: even that leaves a trace in the headers
        if response.status_code == 404 and self.redirects:
            response = self.redirects.process_response(request, response)
        if response.status_code == 404:
            if anonymous and get_settings().ANONYMOUS == "login":
                response = redirect_to_login(request.get_full_path(), login_url())
            add_never_cache_headers(response)
            patch_vary_headers(response, ["Cookie"])
        return response


def login_url() -> str:
    """Where Wagtail sends the visitors of private pages, else the site's own ``LOGIN_URL``, else Wagtail's login."""
    chosen = getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", None)
    if chosen is None and settings.is_overridden("LOGIN_URL"):
        chosen = settings.LOGIN_URL
    return chosen or reverse("wagtailcore_login")
