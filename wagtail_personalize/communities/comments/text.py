"""From what somebody typed to the HTML that is stored, and back.

What is typed is plain text: line breaks stay, web addresses become links, everything else is shown as it was typed.
Whatever is stored went through nh3 with the list below, so a text that came in by another way is as harmless.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import NamedTuple
from unicodedata import normalize

import nh3
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

TAGS = {"a", "b", "blockquote", "br", "code", "em", "i", "li", "ol", "p", "span", "strong", "ul"}
_ATTRIBUTES = {"a": {"href"}, "span": {"data-mention"}}
_SCHEMES = {"http", "https", "mailto"}

#: Control characters, and the two that stand for mentions while a text is put together.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000\ue001]")
_PLACE = re.compile("\ue000([0-9]+)\ue001")
_MENTION = re.compile(r'<span data-mention="([0-9]{1,3})"></span>')
_ENDS = re.compile(r"<br ?/?>\n?|</li>")
_PARAGRAPHS = re.compile(r"</p>\s*(?=<p)")


class Place(NamedTuple):
    """Where in a text a person is mentioned, and as which of them."""

    start: int
    end: int
    number: int


def tidy(typed: str) -> str:
    """What was typed, with one kind of line ends and without what nobody can type."""
    text = normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNWANTED.sub("", text).strip()


def clean(html: str) -> str:
    """``html`` with nothing in it that could do harm."""
    return nh3.clean(
        html, tags=TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener noreferrer"
    )


def to_html(text: str, places: Iterable[Place] = ()) -> str:
    """The HTML of a tidy text with the mentions at these places, which stand in order."""
    parts, last = [], 0
    for place in places:
        parts += [text[last : place.start], f"\ue000{place.number}\ue001"]
        last = place.end
    html = linebreaks(urlize("".join([*parts, text[last:]]), autoescape=True))
    return clean(_PLACE.sub(r'<span data-mention="\1"></span>', html))


def to_text(html: str, names: Mapping[int, str], former: str = "") -> str:
    """What one would type to get ``html``; mentions by the names of those who are still there."""
    text = _PARAGRAPHS.sub("\n\n", _ENDS.sub("\n", html))
    text = _MENTION.sub(lambda found: f"\ue000{found[1]}\ue001", text)
    text = unescape(nh3.clean(text, tags=set()))
    return _PLACE.sub(lambda found: "@" + names.get(int(found[1]), former), text).strip()


def with_mentions(html: str, shown: Callable[[int], str]) -> SafeString:
    """Stored HTML with each mention as ``shown(number)``, which is safe HTML, put in its place."""
    return mark_safe(_MENTION.sub(lambda found: shown(int(found[1])), html))  # cleaned when it was stored
