"""Finds hashtags in plain text.

A hashtag is ``#`` (or ``＃``) and then letters of any script with their combining marks, digits and underscores, with
at least one letter; ZWNJ and ZWJ may stand between them, as Persian and Indic spelling needs. It stands neither inside
a word nor in a web address, in `code` between backticks, or in an HTML entity. Longer than 64 characters, or with
letters that are no letters once normalised, it is none.

Two hashtags are the same when their ``key`` is: NFKC, case-folded, NFKC again; accents are kept. Signs that only choose
between glyphs (variation selectors) do not count. The time taken grows with the length of the text and not faster:
every pattern runs possessively, and what was passed is never looked at again.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple
from unicodedata import category, normalize

#: A hashtag is at most so long, as written and as a key.
MOST_CHARACTERS = 64
#: One item (a page, a post) has at most so many different hashtags.
MOST_HASHTAGS = 30

SIGNS = "#＃"
#: Join or separate the letters of one word; they must stand between two of them.
_JOINERS = "\u200c\u200d"
#: Choose between glyphs of the same character.
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
#: Letters and marks that nobody sees.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
#: Behind this there are only unassigned characters, private ones, and the last block of variation selectors.
_LAST = 0x33480


class Hashtag(NamedTuple):
    """One occurrence. ``label`` is the spelling without the sign; ``start`` and ``end`` include the sign."""

    key: str
    label: str
    start: int
    end: int


def find(text: str, most: int = MOST_HASHTAGS) -> list[Hashtag]:
    """The hashtags of ``text`` in their order, all occurrences of the first ``most`` different ones."""
    if not any(sign in text for sign in SIGNS):
        return []
    found: list[Hashtag] = []
    keys: set[str] = set()
    for hashtag in _occurrences(text):
        if hashtag.key in keys or len(keys) < most:
            keys.add(hashtag.key)
            found.append(hashtag)
    return found


def key_of(label: str) -> str:
    """What ``label`` is compared by, without its sign; empty for what is no hashtag."""
    label = label.strip().lstrip(SIGNS)
    found = _patterns().tag.fullmatch(f"#{label}")
    return _key(label) if found else ""


def labels(found: Iterable[Hashtag]) -> dict[str, str]:
    """The label of each different hashtag, as it was first spelled, by key; at most what one item may have."""
    distinct: dict[str, str] = {}
    for hashtag in found:
        if len(distinct) == MOST_HASHTAGS:
            break
        distinct.setdefault(hashtag.key, hashtag.label)
    return distinct


def _occurrences(text: str) -> Iterator[Hashtag]:
    for match in _patterns().any.finditer(text):
        if match["label"] is not None and (key := _key(match["label"])):
            yield Hashtag(key, match["label"], match.start(), match.end())


def _key(label: str) -> str:
    if len(label) > MOST_CHARACTERS or not any(map(str.isalpha, label)):
        return ""
    if label.isascii():
        return label.lower()
    key = _patterns().selectors.sub("", label)
    key = normalize("NFKC", normalize("NFKC", key).casefold())
    return key if len(key) <= MOST_CHARACTERS and _patterns().tag.fullmatch(f"#{key}") else ""


class _Patterns(NamedTuple):
    #: What hides hashtags, or one hashtag.
    any: re.Pattern[str]
    tag: re.Pattern[str]
    selectors: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Compiled at the first use: the character classes come from Python's own Unicode tables."""
    mark = _ranges({"Mn", "Mc"}) + _SELECTORS
    first = _ranges({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"}) + "_＿"
    word = f"[{first}{mark}]"
    label = f"(?P<label>[{first}]{word}*+(?:[{_JOINERS}]++{word}++)*+)"
    tag = f"(?<![{first}{mark}{_JOINERS}&{SIGNS}])[{SIGNS}]{label}(?!://)"
    code = r"```(?s:.*?)```|``[^\n]*?``|`[^`\n]*+`"
    return _Patterns(
        any=re.compile(f"{code}|{_ADDRESS}|{tag}"),
        tag=re.compile(f"[{SIGNS}]{label}"),
        selectors=re.compile(f"[{_SELECTORS}]"),
    )


#: A web address: with a scheme, with ``www.``, or a host name and a path. It ends at a blank, at what cannot stand in
#: one, and at the punctuation of scripts that write no blanks.
_ADDRESS = (
    r"(?:://|(?<![\w.@-])(?:www|WWW|Www)\.|(?<![\w.@-])(?:[\w-]++\.)++[^\W\d_]{2,}+(?::\d++)?+/|(?<!\w)(?:mailto|tel|urn|data):)"
    r"[^\s<>\"、。，．！？；：「」『』（）【】《》]++"
)


def _ranges(kinds: set[str]) -> str:
    """The characters of these general categories, as the inside of a regular expression's class."""
    codes = (code for code in range(_LAST) if category(chr(code)) in kinds and chr(code) not in _INVISIBLE)
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\U{start:08x}-\\U{end:08x}" for start, end in found)
