"""Whole pages: which requests may be answered from the cache, and which answers may be kept.

Whatever is not understood is rendered and not kept: another method than GET or HEAD, a query string, a preview,
somebody who looks as somebody else, messages, a CSRF token, a nonce, cookies that are set, streams, a status other than
200, headers that say no, statements that write, and whatever a page asked about the person who looks.
"""

import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.functional import LazyObject, empty
from wagtail import hooks
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, Site, get_page_models

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import Viewer

from ..path_query import GATE
from . import store
from .announcing import has_uncommitted_changes
from .keys import PageState, Recipe, address_of, made_under
from .parts import PAGE, PRIVATE, parts_for
from .recorder import Recorder
from .tables import always_used
from .watched_request import ABSENT

#: Headers of an answer that make it one of a kind.
_REFUSING_HEADERS = ("Set-Cookie", "Vary", "Content-Encoding", "Content-Range")
_REFUSING_CONTROLS = ("no-store", "no-cache", "private", "max-age=0")
#: Django's token and the secret in it have 64 and 32 letters and digits; a nonce has fewer, and is asked for.
_LIKE_A_TOKEN = re.compile(r"[A-Za-z0-9]{32}")
#: How Wagtail finds the page of an address: nothing else decides.
_ROUTES = Page.route, RoutablePageMixin.route
#: Hooks that need not run for a page that is known to be open to everybody and is no start page.
_DISPENSABLE = {
    *("wagtail_personalize.targeting.gate", "wagtail_personalize.targeting.content.landing"),
    *("wagtail.wagtail_hooks", __name__),
}


class PageRequest:
    """A request for a page that may be answered from the cache."""

    def __init__(self, request: HttpRequest, viewer: Viewer) -> None:
        self.request, self.viewer = request, viewer
        self.name = ("page", *address_of(request))
        self.recorder = Recorder(request, viewer)
        self.page: Any = None
        self._recipes = store.recipes(self.name)
        self.recipe = next(self._recipes, None)
        #: Those with which nothing was looked up yet.
        self._left = [] if self.recipe is None else [self.recipe]
        viewer.load(*parts_for(self.recipe.page) if self.recipe else ())

    def early_answer(self) -> HttpResponse | None:
        """What was stored, when it is certain that the page is open to everybody who knows the address."""
        recipe = self.recipe
        if recipe is None or not recipe.early or not _only_known_hooks():
            return None
        if self.viewer.answer(GATE) or self.viewer.answer(PRIVATE):
            return None
        if self.viewer.answer(PAGE) != (recipe.page.revision,):
            return None
        self._left.clear()
        return self._answer_by(recipe)

    def stored_answer(self, page: PageState) -> HttpResponse | None:
        """What was stored for this page and viewers like this one."""
        answers = (self._answer_by(recipe) for recipe in chain(self._left, self._recipes) if recipe.page == page)
        return next((answer for answer in answers if answer is not None), None)

    def _answer_by(self, recipe: Recipe) -> HttpResponse | None:
        content = store.find(self.name, recipe, self.viewer)
        if content is None:
            return None
        if content["personalised"]:
            self.viewer.mark()
        response = HttpResponse(content["body"], headers=content["headers"])
        if not (tag := response.get("ETag")):
            return response
        return get_conditional_response(self.request, tag, None, response)

    def keep(self, response: HttpResponse, headers: Mapping[str, str]) -> None:
        """Store a rendered answer, if it may be stored; ``headers`` are those that the page itself gave it."""
        uses = self.recorder.uses
        if self.request.method != "GET" or uses.refused or not may_be_kept(self.request, response, headers):
            return
        segments = uses.segments_of(self.viewer)
        tables = frozenset(uses.tables) | always_used(type(self.page))
        state, facts = PageState.of(self.page), frozenset(uses.facts)
        early = not _is_start(self.page, self.request) and _is_found_by_address(self.page)
        recipe = Recipe(state, made_under(self.viewer), segments, facts, tables, early)
        content = {
            "body": response.content,
            "headers": dict(headers),
            "personalised": self.viewer.personalised,
        }
        seconds = get_settings().CONTENT_CACHE_SECONDS
        store.store(self.name, recipe, uses, self.viewer, content, seconds)


def page_request(request: HttpRequest) -> PageRequest | None:
    """``None`` when this request is none that may be answered from the cache."""
    viewer = getattr(request, "viewer", None)
    if get_settings().CONTENT_CACHE is None or not isinstance(viewer, Viewer) or viewer.is_preview:
        return None
    meta = request.META
    if request.method not in ("GET", "HEAD") or meta.get("QUERY_STRING") or not ABSENT.isdisjoint(meta):
        return None
    if _has_body(meta):
        return None
    if getattr(request, "is_preview", False) or has_uncommitted_changes() or _has_messages(request):
        return None
    return PageRequest(request, viewer)


def serve_from_cache(serve: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the hook ``on_serve_page``, as the innermost: whatever refuses the page has had its say."""

    def serve_page(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        asked: PageRequest | None = getattr(request, "_personalize_page_request", None)
        if asked is None or asked.viewer is not request.viewer or asked.viewer.is_preview:
            return serve(page, request, args, kwargs)
        asked.page = page
        answer = asked.stored_answer(PageState.of(page))
        if answer is not None:
            return answer
        asked.recorder.start()
        response = serve(page, request, args, kwargs)
        headers = dict(response.headers)
        if getattr(response, "is_rendered", True):
            asked.keep(response, headers)
        else:
            response.add_post_render_callback(lambda rendered: asked.keep(rendered, headers))
        return response

    return serve_page


def may_be_kept(request: HttpRequest, response: HttpResponse, headers: Mapping[str, str]) -> bool:
    """Whether this answer is the same for everybody who agrees in what it used."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    if any(response.has_header(name) for name in _REFUSING_HEADERS):
        return False
    control = headers.get("Cache-Control", "").lower()
    if any(word in control for word in _REFUSING_CONTROLS):
        return False
    return not (_gave_token(request) or _has_messages(request) or getattr(request, "is_preview", False))


def holds_token(request: HttpRequest, text: str) -> bool:
    """Whether a part of the answer may hold a CSRF token or a nonce.

    The token itself cannot be asked for: once given on a page it is repeated in silence, so whatever looks like one
    counts as soon as there is one. Most pages have one, if only in the form that signs people out.
    """
    if _used_session_or_nonce(request):
        return True
    return bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE")) and _LIKE_A_TOKEN.search(text) is not None


def _gave_token(request: HttpRequest) -> bool:
    """Whether the answer holds a CSRF token or a nonce, or changes the session."""
    return bool(_used_session_or_nonce(request) or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))


def _used_session_or_nonce(request: HttpRequest) -> bool:
    nonces = (getattr(request, name, None) for name in ("_csp_nonce", "csp_nonce"))
    used = any(isinstance(nonce, LazyObject) and nonce.__dict__.get("_wrapped") is not empty for nonce in nonces)
    session = getattr(request, "session", None)
    changed = getattr(session, "modified", False) or getattr(session, "accessed", False)
    return bool(used or changed)


def _has_messages(request: HttpRequest) -> bool:
    """Whether there is a message to show. Found out before, so that templates need not look into the session."""
    messages = getattr(request, "_messages", None)
    return messages is not None and (len(messages) > 0 or bool(messages._queued_messages))


def _is_start(page: Page, request: HttpRequest) -> bool:
    """Whether people may be led elsewhere from here, to a landing page for instance."""
    site = Site.find_for_request(request)
    return site is None or page.translation_key == site.root_page.translation_key


def _is_found_by_address(page: Page) -> bool:
    """Whether no page type on the way looks for pages in a way of its own, where it may also refuse somebody."""
    own = [model for model in get_page_models() if model.route not in _ROUTES]
    return not (own and page.get_ancestors(inclusive=True).type(*own).exists())


def _has_body(meta: Mapping[str, Any]) -> bool:
    """Whether a page might look at what was sent along, or at its type; a server may call nothing plain text."""
    length, kind = meta.get("CONTENT_LENGTH"), meta.get("CONTENT_TYPE")
    return length not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in meta or kind not in (None, "", "text/plain")


def _only_known_hooks() -> bool:
    known = [*hooks.get_hooks("before_serve_page"), *hooks.get_hooks("on_serve_page")]
    return all(hook.__module__ in _DISPENSABLE for hook in known)
