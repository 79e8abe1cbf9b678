"""Against what a beacon is measured: a view that does nothing, and one that stores a row for whoever is signed in."""

import json

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tests.urls import urlpatterns as site
from wagtail_personalize.engagement.models import ReportLook


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


@csrf_exempt
def one_row(request: HttpRequest) -> HttpResponse:
    """As it is often written: the person from the session, one ``create()``. Any table with a person will do."""
    told = json.loads(request.body)
    if request.user.is_authenticated:
        ReportLook.objects.create(actor=request.user, report=f"{told['kind']} {told['page']}")
    return HttpResponse(status=204)


#: Where the beacon is: behind all other addresses of the package, before Wagtail's pages.
beside = [path("nothing/", nothing), path("one-row/", one_row)]
urlpatterns = [*site[:-1], path("people/", include(beside)), site[-1]]
