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
    *("HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PROTO", "QUERY_STRING"),
    *ABSENT,
    *("CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE", "CONTENT_TYPE", "CONTENT_LENGTH"),
}

Tell = Callable[[str], None]


class WatchedUser(SimpleLazyObject):
    """``request.user``: whether somebody is signed in, or an editor, is a fact; everything else is personal.

    Unlike other lazy objects it is asked, and tells, again each time: what a fragment asks is not what the page asked.
    """

    def __init__(self, user: Any, personal: Tell, fact: Tell) -> None:
        super().__init__(lambda: user)
        self.__dict__.update(_watched=_bare(user), _fact=fact, _personal=personal)

    @property
    def _wrapped(self) -> Any:
        self.__dict__["_personal"]("request.user")
        return self.__dict__["_watched"]

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
    had = {name: request.__dict__.get(name, empty) for name in ("user", "COOKIES", "META", "headers")}
    session = getattr(request, "session", None)
    accessed, meta = getattr(session, "accessed", False), request.META
    harmless = _HARMLESS | set((getattr(settings, "SECURE_PROXY_SSL_HEADER", None) or ())[:1])
    request.COOKIES = _Watched(request.COOKIES, personal, "request.COOKIES")
    request.__dict__["headers"] = _WatchedHeaders(meta, personal)
    request.META = _Watched(meta, personal, "request.META", harmless)
    if had["user"] is not empty:
        request.user = WatchedUser(had["user"], personal, fact)
    if session is not None:
        session.accessed = False
    try:
        yield
    finally:
        _restore(request, had, meta)
        if session is not None:
            session.accessed |= accessed


def _restore(request: HttpRequest, had: dict[str, Any], meta: dict[str, Any]) -> None:
    meta.update(dict.items(request.META))
    for name, value in had.items():
        if value is empty:
            request.__dict__.pop(name, None)
        else:
            request.__dict__[name] = value
