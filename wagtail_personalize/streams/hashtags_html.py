"""Finds hashtags in HTML, and turns them into links.

What a reader would take for one word is one word: it goes on across inline tags (``#ne<b>ws</b>``) and ends with a
block. Never looked at: links, code, scripts, everything one can type or click in, comments and attributes. Broken
markup hides what follows rather than being guessed at. Positions are those of the source; time grows with its length
and not faster.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple

from .hashtags import SIGNS, Hashtag, find

#: The address of a hashtag, or ``None`` for one that stays plain text.
AddressOf = Callable[[Hashtag], str | None]

_HIDDEN = {"a", "button", "code", "iframe", "kbd", "math", "noscript", "object", "option", "pre", "samp", "script"}
_HIDDEN |= {"select", "style", "svg", "template", "textarea", "title"}
_INLINE = {"abbr", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "label", "mark"}
_INLINE |= {"q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
#: Stands for a block's end; no hashtag goes across it.
_BREAK = "\n"
#: Stands for what is hidden.
_OBJECT = "\ufffc"

_MARKUP = re.compile(
    r"<!--(?s:.*?)(?:-->|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)"
    r"|<[/!?][^>]*+(?:>|\Z)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
)


class _Piece(NamedTuple):
    """A part of the text and where it stands in the source."""

    begin: int
    text: str
    start: int
    end: int


def find_in_html(html: str) -> list[Hashtag]:
    """The hashtags that a reader of ``html`` sees, with their positions in it."""
    return [hashtag for hashtag, _pieces in _found(html)]


def linked(html: str, address_of: AddressOf) -> str:
    """``html`` with its hashtags as links; those without an address stay as they are."""
    parts: list[str] = []
    last = 0
    for hashtag, pieces in _found(html):
        address = address_of(hashtag)
        if address is None:
            continue
        opening = f'<a class="hashtag" href="{escape(address)}">'
        for start, end in _wrapped(html, hashtag, pieces):
            parts += [html[last:start], opening, html[start:end], "</a>"]
            last = end
    return "".join([*parts, html[last:]]) if parts else html


def _found(html: str) -> list[tuple[Hashtag, list[_Piece]]]:
    """Each hashtag with the pieces of text that it is made of."""
    if not any(sign in html for sign in SIGNS):
        return []
    pieces = list(_pieces(html))
    begins = [piece.begin for piece in pieces]
    found = []
    for hashtag in find("".join(piece.text for piece in pieces)):
        first = bisect_right(begins, hashtag.start) - 1
        last = bisect_right(begins, hashtag.end - 1) - 1
        start, end = _start(pieces[first], hashtag.start), _end(pieces[last], hashtag.end)
        found.append((hashtag._replace(start=start, end=end), pieces[first : last + 1]))
    return found


def _start(piece: _Piece, place: int) -> int:
    return piece.start + (place - piece.begin if _is_verbatim(piece) else 0)


def _end(piece: _Piece, place: int) -> int:
    return piece.start + place - piece.begin if _is_verbatim(piece) else piece.end


def _is_verbatim(piece: _Piece) -> bool:
    """Whether the text stands like this in the source; an entity does not."""
    return len(piece.text) == piece.end - piece.start


def _pieces(html: str) -> Iterator[_Piece]:
    """What a reader sees, piece by piece."""
    begin = 0
    for text, start, end in _texts(html):
        if text:
            yield _Piece(begin, text, start, end)
            begin += len(text)


def _texts(html: str) -> Iterator[tuple[str, int, int]]:
    hidden, depth, last = "", 0, 0
    for match in _MARKUP.finditer(html):
        start, end = match.span()
        if not hidden:
            yield html[last:start], last, start
        last = end
        name = (match["name"] or "").lower()
        if hidden:
            if name == hidden:
                depth += -1 if match["end"] else 1
            if not depth:
                hidden = ""
        elif match["entity"]:
            yield unescape(match["entity"]), start, end
        elif name in _HIDDEN and not match["end"]:
            hidden, depth = name, 1
            yield _OBJECT, start, end
        elif name and name not in _INLINE and name not in _HIDDEN:
            yield _BREAK, start, end
    if not hidden:
        yield html[last:], last, len(html)


def _wrapped(html: str, hashtag: Hashtag, pieces: list[_Piece]) -> Iterator[tuple[int, int]]:
    """What becomes a link: the whole hashtag, or each piece when it is cut by tags that it does not contain."""
    if _is_balanced(html[hashtag.start : hashtag.end]):
        yield hashtag.start, hashtag.end
        return
    for piece in pieces:
        yield max(piece.start, hashtag.start), min(piece.end, hashtag.end)


def _is_balanced(html: str) -> bool:
    """Whether every tag that is opened here is closed here, in order."""
    opened: list[str] = []
    for match in _MARKUP.finditer(html):
        if not match["name"] or match["name"].lower() == "wbr":
            continue
        if not match["end"]:
            opened.append(match["name"].lower())
        elif not opened or opened.pop() != match["name"].lower():
            return False
    return not opened
