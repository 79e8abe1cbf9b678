"""Becoming somebody else, by POST and only in the demonstration."""

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .personas import BY_KEY


@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """Sign in as the persona named in ``persona`` (or out, for the guest) and go back to ``next``."""
    persona = BY_KEY.get(request.POST.get("persona", ""))
    if not settings.DEMO or persona is None:
        raise Http404
    if persona.username:
        user = get_object_or_404(get_user_model(), username=persona.username, is_active=True)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    else:
        logout(request)
    response = redirect(_way_back(request))
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)  # so that everybody reads in their own language
    return response


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else "/"
