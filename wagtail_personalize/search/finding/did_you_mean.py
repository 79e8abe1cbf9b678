"""Other words, when nothing was found: only such as stand in the titles of pages that the viewer may open."""

import re
from difflib import get_close_matches

from wagtail_personalize.people.folding import fold
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.open_pages import open_pages

#: So many of the newest titles are looked at.
MOST_TITLES = 2000
_WORD = re.compile(r"\w{3,40}")


def did_you_mean(words: str, viewer: Viewer) -> str:
    """The question with its unknown words replaced by the most similar known ones; empty if there are none."""
    titles = open_pages(viewer).order_by("-first_published_at", "-pk").values_list("title", flat=True)[:MOST_TITLES]
    known = {fold(word): word for title in titles for word in _WORD.findall(title)}
    better = [_better(word, known) for word in words.split()[:4]]
    said = " ".join(better)
    return said if fold(said) != fold(words) else ""


def _better(word: str, known: dict[str, str]) -> str:
    folded = fold(word)
    if folded in known or len(folded) < 3:
        return word
    close = get_close_matches(folded, list(known), n=1, cutoff=0.72)
    return known[close[0]].lower() if close else word
