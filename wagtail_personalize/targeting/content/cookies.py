"""What a visitor who is not signed in chose, kept in small cookies of their own browser.

They come from outside: whatever does not read as expected counts as nothing.
"""

import re
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_YEAR = 365 * 24 * 60 * 60
_MOST = 50
_NUMBERS = re.compile(r"\d{1,18}(\.\d{1,18})*", re.ASCII)
_PAIRS = re.compile(r"[\w-]{1,60}:[a-z]{1,10}(\.[\w-]{1,60}:[a-z]{1,10})*", re.ASCII)


def read_numbers(request: HttpRequest, name: str) -> set[int]:
    """Numbers that were written by ``write_numbers``."""
    return set(_listed(request, name))


def write_numbers(request: HttpRequest, response: HttpResponse, name: str, number: int) -> None:
    """Add a number; the oldest are forgotten first."""
    kept = [each for each in _listed(request, name) if each != number][-(_MOST - 1) :]
    _write(response, name, map(str, [*kept, number]))


def read_pairs(request: HttpRequest, name: str) -> dict[str, str]:
    """Short names and the word for each, as ``write_pair`` wrote them."""
    text = request.COOKIES.get(name, "")
    return dict(pair.split(":") for pair in text.split(".")) if _PAIRS.fullmatch(text) else {}


def write_pair(request: HttpRequest, response: HttpResponse, name: str, key: str, word: str) -> None:
    pairs: Mapping[str, str] = {k: v for k, v in read_pairs(request, name).items() if k != key}
    kept = list(pairs.items())[-(_MOST - 1) :]
    _write(response, name, (f"{k}:{v}" for k, v in [*kept, (key, word)]))


def _listed(request: HttpRequest, name: str) -> list[int]:
    text = request.COOKIES.get(name, "")
    return [int(number) for number in text.split(".")] if _NUMBERS.fullmatch(text) else []


def _write(response: HttpResponse, name: str, parts: Iterable[str]) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, ".".join(parts), max_age=_YEAR, httponly=True, secure=secure, samesite="Lax")
