"""The site in the language of whoever asks."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.urls import ResolverMatch
from django.utils import translation
from django.utils.translation import get_language_from_path
from wagtail.models import Page

from .language import language_for


class PersonLanguageMiddleware(LocaleMiddleware):
    """Takes the place of Django's ``LocaleMiddleware``, behind ``AuthenticationMiddleware``.

    An address that names a language (``/de/…``) is answered in that language. Anything else is answered in the language
    of whoever asks; a page is still found where its address says, and then stands in its own language among words in
    theirs.
    """

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict[str, Any]) -> None:
        if get_language_from_path(request.path_info) or _is_file(request):
            return
        _find_page_first(request, request.resolver_match)
        translation.activate(language_for(request))
        request.LANGUAGE_CODE = translation.get_language()


def _find_page_first(request: HttpRequest, match: ResolverMatch) -> None:
    """Wagtail looks below the start page of the active language, and remembers what it found."""
    if match.view_name == "wagtail_serve":
        Page.route_for_request(request, match.kwargs.get("path") or (match.args[0] if match.args else ""))


def _is_file(request: HttpRequest) -> bool:
    return request.path.startswith(tuple(path for path in (settings.STATIC_URL, settings.MEDIA_URL) if path))
