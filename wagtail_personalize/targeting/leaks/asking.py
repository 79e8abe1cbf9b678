"""Asks the site for an address as somebody, through its own middleware and views, by GET."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_backends
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponseBase
from django.test import Client
from django.utils import translation
from wagtail.models import Site

from .people import Looker
from .reading import Reading
from .sandbox import rolled_back

#: Of a longer body only the beginning is read.
_LONGEST = 5_000_000
_LEADING = ("Location", "Content-Location", "HX-Redirect", "HX-Location", "HX-Push-Url")
_TOLD_IN = (*_LEADING, "Link", "Content-Disposition", "Refresh", "HX-Trigger")
#: Behind an address that is asked as htmx asks, for a part of a page.
PARTIAL = "#htmx"
_READABLE = ("text/", "json", "xml", "javascript")


@dataclass
class Answer:
    """``view`` is the dotted path of what answered, ``route`` its pattern in the URLconf; ``fault`` why it failed."""

    status: int
    reading: Reading
    view: str = ""
    route: str = ""
    fault: str = ""


class Asker:
    """Knows the hosts of the site. Use inside of ``sandbox``."""

    def __init__(self) -> None:
        self.sites = {site.hostname: site for site in Site.objects.order_by("is_default_site", "pk")}
        self.default = next(reversed(self.sites.values()), None)
        self.hosts = frozenset({*self.sites, "testserver"})
        self._client = Client(raise_request_exception=False)
        self._sessions: dict[str, str] = {}

    def ask(self, looker: Looker, address: str) -> Answer:
        """Everything that comes back to ``looker``."""
        parts = urlsplit(address)
        site = self.sites.get(parts.hostname or "", self.default)
        self._client.cookies.clear()
        if looker.user is not None:
            self._client.cookies[settings.SESSION_COOKIE_NAME] = self._session(looker)
        asked = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        headers = {"HTTP_HX_REQUEST": "true"} if address.endswith(PARTIAL) else {}
        with rolled_back(), translation.override(settings.LANGUAGE_CODE):
            response = self._client.get(asked, secure=self._is_secure(site), **_host(site), **headers)
            with _closing(response):
                return self._answer(response, address)

    def canonical(self, address: str) -> str:
        """One way to write an address: the default site without its host, no fragment; empty if it is elsewhere."""
        parts = urlsplit(address)._replace(fragment="")
        if parts.hostname is not None and parts.hostname not in self.hosts:
            return ""
        site = self.sites.get(parts.hostname or "", self.default)
        return (parts._replace(scheme="", netloc="") if site is self.default else parts).geturl()

    def _is_secure(self, site: Site | None) -> bool:
        return settings.SECURE_SSL_REDIRECT or (site is not None and site.port == 443)

    def _session(self, looker: Looker) -> str:
        """A session as a login makes it, without the login: nobody is told, and nothing is stored."""
        if looker.key not in self._sessions:
            session = SessionStore()
            session[SESSION_KEY] = looker.user._meta.pk.value_to_string(looker.user)
            session[BACKEND_SESSION_KEY] = _backend_of(looker.user)
            session[HASH_SESSION_KEY] = looker.user.get_session_auth_hash()
            session.save()
            self._sessions[looker.key] = session.session_key
        return self._sessions[looker.key]

    def _answer(self, response: HttpResponseBase, address: str) -> Answer:
        reading = Reading(address, self.hosts)
        for name in _TOLD_IN:
            if name in response:
                if name in _LEADING:
                    reading.address(response[name], follow=name == "Location")
                reading.text(response[name])
                reading.end()
        kind = response.get("Content-Type", "")
        if any(part in kind for part in _READABLE):
            reading.body(_body(response).decode(getattr(response, "charset", None) or "utf-8", "replace"), kind)
        match = getattr(response.wsgi_request, "resolver_match", None)
        route = match.route if match else ""
        return Answer(response.status_code, reading, _view(response.wsgi_request), route, _fault(response))


def echoes(address: str, *, found: bool = True) -> Reading:
    """What a response may repeat because it was asked for: the address and what stands in its query.

    With ``found=False``, when there was nothing, also the words in the address.
    """
    parts = urlsplit(address)
    asked = Reading()
    asked.paths |= {unquote(parts.path), unquote(urljoin(parts.path, "."))}
    for part in () if found else unquote(parts.path).split("/"):
        asked.string(part)
    for pair in parts.query.split("&"):
        asked.string(unquote(pair.partition("=")[2].replace("+", " ")))
    return asked


def _host(site: Site | None) -> dict[str, str]:
    return {"SERVER_NAME": site.hostname, "SERVER_PORT": str(site.port)} if site else {}


def _backend_of(user: Any) -> str:
    """A backend that knows the user, as one of them must have let them in."""
    paths = dict(zip(settings.AUTHENTICATION_BACKENDS, get_backends(), strict=True))
    knowing = (path for path, backend in paths.items() if backend.get_user(user.pk) is not None)
    return next(knowing, settings.AUTHENTICATION_BACKENDS[0])


def _fault(response: Any) -> str:
    kind, value, *_trace = getattr(response, "exc_info", None) or (None, None)
    return f"{kind.__name__}: {value}"[:200] if kind else ""


def _body(response: Any) -> bytes:
    return b"".join(_first(response.streaming_content)) if response.streaming else response.content[:_LONGEST]


@contextmanager
def _closing(response: Any) -> Iterator[None]:
    """Let go of what is streamed, but not of the database, as the end of a request otherwise does."""
    try:
        yield
    finally:
        if response.streaming:
            request_finished.disconnect(close_old_connections)
            response.close()
            request_finished.connect(close_old_connections)


def _first(chunks: Any) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        if size > _LONGEST:
            return


def _view(request: Any) -> str:
    """The page type that was served, or the view, or nothing: then a middleware answered."""
    routed = getattr(request, "_wagtail_route_for_request", None)
    if routed is not None:
        kind = type(routed.page)
        return f"{kind.__module__}.{kind.__qualname__}.serve"
    match = getattr(request, "resolver_match", None)
    return match._func_path if match else ""
