"""Where the reader is, so that a form on the page leads back there, and which of several equal parts it is."""

from typing import Any


def here(context: Any) -> str:
    """The address of the page that is being rendered; empty where there is none to come back to."""
    request = context.get("request")
    return request.get_full_path() if request is not None and request.method in ("GET", "HEAD") else ""


def number_here(context: Any, name: str) -> str:
    """What tells the ids in several equal parts of a page apart: nothing for the first, then ``-2`` and so on."""
    request = context.get("request")
    if request is None:
        return ""
    numbers = request.__dict__.setdefault("_wagtail_personalize_numbers", {})
    numbers[name] = numbers.get(name, 0) + 1
    return f"-{numbers[name]}" if numbers[name] > 1 else ""


def number_sent(request: Any) -> str:
    """The same number, as the form of such a part sent it back."""
    number = request.POST.get("which", "")[1:]
    return f"-{number}" if number.isascii() and number.isdigit() and len(number) < 4 else ""
