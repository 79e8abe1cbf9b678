"""Choosing a language on this device."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from wagtail.models import Page

from wagtail_personalize import viewer_for, visible

from .languages import address_in

A_YEAR = 365 * 24 * 60 * 60


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember ``language`` in a cookie and go back: to ``page`` in that language, or to ``next``."""
    language = request.POST.get("language", "")
    response = redirect(_way_back(request, language))
    if language in dict(settings.LANGUAGES):
        name, path = settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_PATH
        response.set_cookie(name, language, A_YEAR, path=path, secure=request.is_secure(), samesite="Lax")
    return response


def _way_back(request: HttpRequest, language: str) -> str:
    page = request.POST.get("page", "")
    if language in dict(settings.LANGUAGES) and page.isdecimal():
        pages = visible(Page.objects.live().filter(pk=int(page[:18])), viewer_for(request))
        if found := pages.first():
            return address_in(language, found, request)
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else "/"
