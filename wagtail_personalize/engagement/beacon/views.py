"""The addresses that a browser speaks to."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.segments.viewer import viewer_for

from .reading import MOST_BYTES
from .refusals import browser_objects, has_objected
from .taking import refuse, take
from .tokens import ViewToken, page_of

_NOTHING = 204


@csrf_exempt
@transaction.non_atomic_requests
def beacon(request: HttpRequest) -> HttpResponse:
    """Takes a beacon and answers 204, whatever becomes of it. Its token stands for the session and for CSRF's.

    A plain function: it is called more often than anything else.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not rules().is_measured:
        return HttpResponse(status=_NOTHING)
    body = None if browser_objects(request) or not _is_from_here(request) else _body(request)
    if body is None:
        refuse()
    else:
        take(body)
    return HttpResponse(status=_NOTHING)


@method_decorator(never_cache, name="dispatch")
class TokenView(View):
    """The token of a view whose page is kept for many people; the script asks for it once the page is there."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request.GET.get("page"))
        is_refused = page is None or browser_objects(request) or not rules().is_measured
        person = None if is_refused else self._person(request)
        if person is None:
            return HttpResponse(status=_NOTHING)
        return HttpResponse(ViewToken.issue(person, page), content_type="text/plain")

    def _person(self, request: HttpRequest):
        viewer = viewer_for(request)
        viewer.mark()
        if viewer.is_preview or viewer.person_id is None or has_objected(viewer.person_id):
            return None
        return viewer.person_id


def _is_from_here(request: HttpRequest) -> bool:
    """Browsers say where a request comes from; other sites have nothing to tell."""
    fetched = request.META.get("HTTP_SEC_FETCH_SITE")
    if fetched is not None:
        return fetched == "same-origin"
    origin = request.META.get("HTTP_ORIGIN")
    return origin is None or origin.partition("://")[2] == request.get_host()


def _body(request: HttpRequest) -> bytes | None:
    """``None`` when it is too long."""
    body = request.read(MOST_BYTES + 1)
    return body if len(body) <= MOST_BYTES else None
