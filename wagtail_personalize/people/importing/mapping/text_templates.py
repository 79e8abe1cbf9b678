"""Texts put together from the columns of a line, such as login names: ``{First name:initial}.{Last name:slug}``."""

import re
from collections.abc import Callable, Mapping

from django.utils.text import slugify
from django.utils.translation import gettext as _

from wagtail_personalize.people.folding import fold

from ..sources.contract import ImportRefused, as_text

FILTERS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "initial": lambda text: text[:1],
    "ascii": lambda text: fold(text).encode("ascii", "ignore").decode(),
    "slug": lambda text: slugify(fold(text)),
}
_PLACE = re.compile(r"\{([^{}]+?)(?::([a-z,]+))?\}")


def fill(template: str, cells: Mapping[str, str]) -> str:
    """``template`` with each ``{column}`` or ``{column:filter,filter}`` replaced by the cell's text."""
    return _PLACE.sub(lambda place: _filtered(as_text(cells.get(place[1], "")), place[2]), template).strip()


def columns_of(template: str) -> list[str]:
    """The columns that a template names; refuses unknown filters."""
    places = _PLACE.findall(template)
    unknown = {name for _column, filters in places for name in filters.split(",") if name} - FILTERS.keys()
    if unknown:
        raise ImportRefused(
            _("The template “%(template)s” uses the unknown filter “%(name)s”. There are: %(known)s.")
            % {"template": template, "name": min(unknown), "known": ", ".join(FILTERS)}
        )
    return [column for column, _filters in places]


def _filtered(text: str, filters: str | None) -> str:
    for name in filter(None, (filters or "").split(",")):
        text = FILTERS[name](text)
    return text
