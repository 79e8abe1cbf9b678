"""Notices when a page looks at what belongs to one person or one browser: user, session, cookies, headers.

While a page is rendered, its request answers through small stand-ins that behave like what they stand for and tell the
recorder when they are asked. What only prints such a value, passes it to a view or keeps it for later is all the same:
a page that asked is not stored.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import HttpHeaders
from django.utils.functional import LazyObject, SimpleLazyObject, empty

from .facts import ADMIN_PERMISSION

#: A request with one of these is not looked up; so a page may ask for them (Wagtail does) and find nothing.
ABSENT = {"HTTP_AUTHORIZATION", "HTTP_X_REQUESTED_WITH"}

#: What every answer may depend on because it is part of the address, or does not come from the browser.
_HARMLESS = {
    *("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "SCRIPT_URL", "PATH_INFO", "REQUEST_METHOD"),
    *("QUERY_STRING", "CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"),
    *ABSENT,
}
_HARMLESS_IN_SCOPE = {"type", "scheme", "method", "path", "root_path", "http_version"}
#: What a request worked out earlier from what the browser sent, and is to work out again.
_WORKED_OUT = "accepted_types", "accepted_types_by_precedence"
_REPLACED = ("user", "session", "COOKIES", "META", "environ", "scope", "headers", *_WORKED_OUT)

Tell = Callable[[str], None]


class _StandIn(SimpleLazyObject):
    """Behaves like what it stands for, and tells when it is asked.

    Unlike other lazy objects it is asked, and tells, again each time: what a fragment asks is not what the page asked.
    """

    _name = ""

    def __init__(self, watched: Any, personal: Tell) -> None:
        super().__init__(lambda: watched)
        self.__dict__.update(_watched=_bare(watched), _personal=personal)

    @property
    def _wrapped(self) -> Any:
        self.__dict__["_personal"](type(self)._name)
        return self.__dict__["_watched"]


class WatchedSession(_StandIn):
    """``request.session``: all of it is personal, its key among it. Whether it was used may be asked."""

    _name = "request.session"

    @property
    def accessed(self) -> bool:
        return self.__dict__["_watched"].accessed

    @property
    def modified(self) -> bool:
        return self.__dict__["_watched"].modified


class WatchedUser(_StandIn):
    """``request.user``: whether somebody is signed in, or an editor, is a fact; everything else is personal."""

    _name = "request.user"

    def __init__(self, user: Any, personal: Tell, fact: Tell) -> None:
        super().__init__(user, personal)
        self.__dict__["_fact"] = fact

    @property
    def __class__(self) -> type:
        """Asked by ``isinstance``, for which the kind of user is enough."""
        return type(self.__dict__["_watched"])

    def __getitem__(self, key: Any) -> Any:
        """A template looks for every attribute here first; that alone is no question."""
        if not hasattr(type(self.__dict__["_watched"]), "__getitem__"):
            raise TypeError("A user is no mapping.")
        return super().__getitem__(key)

    @property
    def is_authenticated(self) -> bool:
        self.__dict__["_fact"]("authenticated")
        return self.__dict__["_watched"].is_authenticated

    @property
    def is_anonymous(self) -> bool:
        return not self.is_authenticated

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The userbar asks this on every page."""
        if perm != ADMIN_PERMISSION or obj is not None:
            return self.__getattr__("has_perm")(perm, obj)
        self.__dict__["_fact"]("editor")
        return self.__dict__["_watched"].has_perm(perm)


def _bare(user: Any) -> Any:
    while isinstance(user, LazyObject) and user.__dict__["_wrapped"] is not empty:
        user = user.__dict__["_wrapped"]
    return user


class _Watched(dict):
    """A dictionary that tells which of its keys are looked at."""

    def __init__(self, values: dict[str, Any], tell: Tell, name: str, harmless: set[str] = frozenset()) -> None:
        super().__init__(values)
        self._tell, self._name, self._harmless = tell, name, harmless

    def _look(self, key: Any) -> None:
        if key not in self._harmless and not str(key).startswith("wsgi."):
            self._tell(f"{self._name}[{key!r}]")

    def __getitem__(self, key: Any) -> Any:
        self._look(key)
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self._look(key)
        return super().get(key, default)

    def __contains__(self, key: Any) -> bool:
        self._look(key)
        return super().__contains__(key)

    def __iter__(self) -> Iterator:
        self._look("all")
        return super().__iter__()

    def items(self) -> Any:
        self._look("all")
        return super().items()


class _WatchedHeaders(HttpHeaders):
    def __init__(self, values: dict[str, Any], tell: Tell) -> None:
        super().__init__(values)
        self._tell = tell

    def __getitem__(self, key: str) -> str:
        if self.HTTP_PREFIX + key.upper().replace("-", "_") not in ABSENT:
            self._tell(f"request.headers[{key!r}]")
        return super().__getitem__(key)


@contextmanager
def watched(request: HttpRequest, personal: Tell, fact: Tell) -> Iterator[None]:
    """Put the stand-ins into ``request`` for the time being."""
    had = {name: request.__dict__.get(name, empty) for name in _REPLACED}
    session = getattr(request, "session", None)
    accessed, meta = getattr(session, "accessed", False), request.META
    request.COOKIES = _Watched(request.COOKIES, personal, "request.COOKIES")
    request.__dict__["headers"] = _WatchedHeaders(meta, personal)
    request.META = _Watched(meta, personal, "request.META", _HARMLESS | _parts_of_the_address(meta))
    if had["environ"] is not empty:
        request.environ = request.META
    if had["scope"] is not empty:
        request.scope = _Watched(had["scope"], personal, "request.scope", _HARMLESS_IN_SCOPE)
    if had["user"] is not empty:
        request.user = WatchedUser(had["user"], personal, fact)
    if session is not None:
        session.accessed = False
        request.session = WatchedSession(session, personal)
    for name in _WORKED_OUT:
        request.__dict__.pop(name, None)
    try:
        yield
    finally:
        _restore(request, had, meta)
        if session is not None:
            session.accessed |= accessed


def _parts_of_the_address(meta: dict[str, Any]) -> set[str]:
    """The headers that say host, port and scheme on this site; any other that claims to is the browser's."""
    found = set((settings.SECURE_PROXY_SSL_HEADER or ())[:1])
    if settings.USE_X_FORWARDED_HOST:
        found.add("HTTP_X_FORWARDED_HOST")
    if settings.USE_X_FORWARDED_PORT:
        found.add("HTTP_X_FORWARDED_PORT")
    return found if found & {"HTTP_X_FORWARDED_HOST"} & set(meta) else {*found, "HTTP_HOST"}


def _restore(request: HttpRequest, had: dict[str, Any], meta: dict[str, Any]) -> None:
    meta.update(dict.items(request.META))
    for name, value in had.items():
        if value is empty:
            request.__dict__.pop(name, None)
        else:
            request.__dict__[name] = value
