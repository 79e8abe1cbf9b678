"""One folding of case and accents, ours, the same on every database.

Two texts are equal for a rule when they fold to the same string: "Zürich", "ZÜRICH" and "zurich" do. Folding happens
only here, in Python; databases compare the results byte by byte. ``fold`` is idempotent, and its result is in normal
form (NFKC).
"""

import hashlib
import unicodedata

#: Grows whenever ``fold`` would answer differently; then the stored folded values must be folded again.
FOLDING_VERSION = 1

_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ß": "ss"}
)
#: What no database can store or compare alike: NUL is dropped, halves of surrogate pairs become U+FFFD.
_UNSTORABLE = {0: None} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def fold(text: str) -> str:
    """``text`` without differences of case, accents, compatibility forms and outer white space."""
    before, folded = None, text.translate(_UNSTORABLE)
    while folded != before:
        before, folded = folded, _fold_once(folded)
    return folded


def _fold_once(text: str) -> str:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFKC", bare).strip()


def text_hash(text: str) -> str:
    """SHA-256 of the exact text, in hex: equal hashes mean equal texts on every database."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
