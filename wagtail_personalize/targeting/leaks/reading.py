"""What a response says, whatever it is made of: words, whole strings and addresses.

HTML, feeds and sitemaps are read by their markup, JSON by its strings, anything else as plain text. Words are folded,
and an empty word stands where one text ends and the next begins, so a phrase is never put together from two. What
contains a slash is an address and never words: else every echo of an address would look like a title.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

#: Where one text ends.
END = ""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
#: A string in a script. Only one between backticks goes on in the next line.
_QUOTED = re.compile(r"""(["'])((?:(?!\1)[^\\\n]|\\.)*)\1|`((?:[^`\\]|\\.)*)`""")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_PLAIN = dict.fromkeys("nrtbfv", " ")
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^)\"']+)")
#: What may stand before an address: in a refresh, in a style.
_BEFORE_ADDRESS = re.compile(r"^.*\burl[=(]", re.IGNORECASE)
#: Where a word may be broken, or nothing at all.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SEPARATOR = re.compile(r"\s+[-–—|·»›•]\s+|:\s+")
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong"),
        *("sub", "sup", "time", "u", "wbr"),
    )
)
_PARTIALS = frozenset(["hx-get", "data-hx-get"])
_ADDRESSES = frozenset(["href", "src", "action", "formaction", "poster", "data", "data-url", "data-href"]) | _PARTIALS
_LONGEST_NODE = 200


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order; an address among them ends a text."""
    found: list[str] = []
    for chunk in _folded(text).split():
        found += [END] if "/" in chunk else _WORD.findall(chunk)
    return found


def whole(text: str) -> str:
    """A text as one string to compare."""
    return " ".join(_folded(text).split())


def stem_of(path: str) -> str:
    """The path of a file up to the first dot in its name: what all sizes of one picture have in common."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()


class Reading:
    """What was read: ``words`` in order, ``nodes`` (whole short strings) and ``paths`` on this site."""

    def __init__(self, base: str = "/", hosts: frozenset[str] = frozenset()) -> None:
        self.base, self.hosts = base, hosts
        self.words: list[str] = []
        #: The words of attributes, which must not part the words around their tag.
        self.asides: list[str] = []
        self.nodes: set[str] = set()
        self.paths: set[str] = set()
        #: Addresses to follow, as they stand there.
        self.links: set[str] = set()
        #: Those of them that a script asks for, to put the answer into the page.
        self.partials: set[str] = set()
        #: Forms that ask by GET: where to, and the name of what is typed in.
        self.forms: set[tuple[str, str]] = set()

    def body(self, content: str, content_type: str) -> "Reading":
        """Read a whole body."""
        if "json" in content_type:
            self.json(content)
        elif "html" in content_type or "xml" in content_type:
            self.markup(content)
        else:
            self.text(content)
        return self

    def text(self, text: str) -> None:
        """Plain text; with what comes next it may still be one phrase."""
        self.words += words_of(text)
        for chunk in text.split() if "/" in text else ():
            self.address(_BEFORE_ADDRESS.sub("", chunk).strip("\"'()<>,;[]{}"))
        for piece in (text, *_SEPARATOR.split(text)) if len(text) <= _LONGEST_NODE else ():
            self.nodes.add(whole(piece))

    def string(self, value: str) -> None:
        """A string of its own: an attribute, a value in JSON, a header."""
        self.end()
        if "<" in value and ">" in value:
            self.markup(value)
        else:
            self.text(value)
        self.end()

    def end(self) -> None:
        if self.words and self.words[-1] != END:
            self.words.append(END)

    def markup(self, markup: str) -> None:
        reader = _Markup(self)
        reader.feed(markup)
        reader.close()
        self.end()

    def json(self, text: str) -> None:
        """The strings of JSON, or of whatever looks a little like it, as scripts do."""
        try:
            strings = _strings_in(json.loads(text))
        except ValueError:
            strings = (_unescaped(match[2] or match[3] or "") for match in _QUOTED.finditer(text))
        for value in strings:
            self.string(value)

    def address(self, value: str, *, follow: bool = False) -> None:
        """An address; only those on this site count."""
        try:
            parts = urlsplit(urljoin(self.base, value.strip()))
        except ValueError:
            return
        if parts.scheme not in ("", "http", "https") or (parts.hostname and parts.hostname not in self.hosts):
            return
        path = unquote(parts.path)
        self.paths |= {path, stem_of(path)}
        if follow or value.startswith(("/", "http")):
            self.links.add(parts._replace(fragment="").geturl())

    def style(self, text: str) -> None:
        """What a style sheet leads to."""
        for match in _IN_STYLE.finditer(text):
            self.address(match[1])


class _Markup(HTMLParser):
    """Reads tags into a ``Reading``."""

    CDATA_CONTENT_ELEMENTS = ("script", "style")

    def __init__(self, reading: Reading) -> None:
        super().__init__(convert_charrefs=True)
        self.reading = reading
        self._inside = ""
        self._action: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if tag not in _INLINE:
            self.reading.end()
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            self._attribute(name, value)
        self._note_form(tag, given)

    def _attribute(self, name: str, value: str) -> None:
        if name in _PARTIALS:
            self.reading.partials.add(urljoin(self.reading.base, value))
        if name in _ADDRESSES:
            self.reading.address(value, follow=True)
        elif name == "style":
            self.reading.style(value)
        elif value.lstrip().startswith(("{", "[")):
            self._aside(self.reading.json, value)
        elif value and not name.startswith(("class", "id", "on")):
            self._aside(self.reading.string, value)

    def _aside(self, read: Callable[[str], None], value: str) -> None:
        words, self.reading.words = self.reading.words, self.reading.asides
        read(value)
        self.reading.words = words

    def _note_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            by_get = given.get("method", "get").lower() == "get"
            self._action = given.get("action", "") if by_get else None
        elif tag == "input" and self._action is not None and given.get("type", "text") in ("text", "search"):
            self.reading.forms.add((urljoin(self.reading.base, self._action), given.get("name", "")))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        if tag not in _INLINE:
            self.reading.end()
        if tag == "form":
            self._action = None

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.reading.json(data)
        elif "<" in data and ">" in data:
            self.reading.string(data)  # markup that was escaped, as feeds do
        elif self._inside == "style":
            self.reading.style(data)
        else:
            self.reading.text(data)
            if self._inside in ("loc", "link", "guid", "id", "url"):
                self.reading.address(data, follow=True)

    def handle_comment(self, data: str) -> None:
        self.reading.string(data)

    def unknown_decl(self, data: str) -> None:
        self.reading.string(data.removeprefix("CDATA["))


def _unescaped(text: str) -> str:
    """A string of a script as it is meant."""
    return _ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _PLAIN.get(m[3], m[3]), text)


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings_in(inner)
