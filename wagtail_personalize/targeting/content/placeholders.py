"""Placeholders in text: ``{first_name|colleague}`` is the reader's first name, or *colleague* where there is none.

A name in braces, perhaps a bar and a fallback. Names are those of the declared attributes, of the parts of a person's
name, ``manager``, and ``days_since_…`` before the name of a date. What is put in is always escaped, only into the text
(never into a tag), and only for whoever reads it. Search, API and feeds get the fallbacks.
"""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _

from .placeholder_names import known_names

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:\|([^{}|<>\r\n]*))?\}")
_TAG = re.compile(r"(<[^<>]*>)")

#: From the name of a placeholder to what the reader has, or nothing.
Values = Callable[[str], str]


def has_placeholders(text: str) -> bool:
    return _PLACEHOLDER.search(text) is not None


def fill_text(text: str, values: Values) -> str:
    """Plain text with its placeholders filled; not escaped."""
    return _PLACEHOLDER.sub(lambda match: values(match[1]) or match[2] or "", text)


def fill_html(html: str, values: Values) -> str:
    """HTML with the placeholders in its text filled; what stands in tags stays as it is."""
    if not has_placeholders(html):
        return html
    parts = _TAG.split(html)
    parts[::2] = [
        _PLACEHOLDER.sub(lambda match: escape(values(match[1])) or match[2] or "", part) for part in parts[::2]
    ]
    return "".join(parts)


def nobody(name: str) -> str:
    """The values where there is no reader: every placeholder becomes its fallback."""
    return ""


def refuse_unknown(text: str) -> None:
    """Raise ``ValidationError`` for placeholders that mean nothing; a validator for fields and blocks."""
    known = known_names()
    unknown = sorted({name for name, _fallback in _PLACEHOLDER.findall(text)} - set(known))
    if unknown:
        raise ValidationError(
            _("There is no placeholder %(unknown)s. You may use: %(known)s.")
            % {
                "unknown": ", ".join(f"{{{name}}}" for name in unknown),
                "known": ", ".join(f"{{{name}}}" for name in known),
            },
            code="unknown_placeholder",
        )
