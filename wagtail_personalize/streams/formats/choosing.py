"""The formats that a list can be filtered by: ``?format=video``."""

from dataclasses import dataclass
from typing import Any

from .models import Format


@dataclass(frozen=True)
class Choice:
    """One link above a list; ``format`` is ``None`` for everything."""

    format: Format | None
    url: str
    is_current: bool


def read_format(text: str) -> Format | None:
    """A format from an address; ``None`` for anything else, which filters nothing."""
    return next((one for one in Format if one.slug == text), None)


def format_choices(address: str, current: Format | None, **others: str) -> list[Choice]:
    """The links above the list at ``address``; ``others`` are what else stands behind the question mark."""
    return [
        Choice(one, with_query(address, format=one.slug if one is not None else "", **others), one == current)
        for one in (None, *Format)
    ]


def with_query(address: str, **parameters: Any) -> str:
    """An address with those of these parameters that say something."""
    from django.utils.http import urlencode

    said = {name: value for name, value in parameters.items() if value not in ("", None)}
    return f"{address}?{urlencode(said)}" if said else address
