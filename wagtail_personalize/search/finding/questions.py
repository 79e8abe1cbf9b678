"""What somebody typed: words, and hashtags that narrow."""

from dataclasses import dataclass

from wagtail_personalize.streams import hashtags

#: The rest of a longer question is ignored.
MOST_CHARACTERS = 200
MOST_WORDS = 12


@dataclass(frozen=True)
class Question:
    """``words`` without hashtags, nor quotation marks, over which SQLite stumbles; ``hashtags`` are their keys."""

    typed: str = ""
    words: str = ""
    hashtags: tuple[str, ...] = ()

    @classmethod
    def read(cls, typed: str) -> "Question":
        """``"parking #safety"`` looks for parking among what is about safety."""
        typed = " ".join(typed.replace("\0", " ")[:MOST_CHARACTERS].split())
        found = hashtags.find(typed)
        rest, end = "", 0
        for hashtag in found:
            rest, end = f"{rest}{typed[end : hashtag.start]} ", hashtag.end
        words = " ".join((rest + typed[end:]).replace('"', " ").split()[:MOST_WORDS])
        return cls(typed, words if any(map(str.isalnum, words)) else "", tuple({one.key: one for one in found}))

    def __bool__(self) -> bool:
        return bool(self.words or self.hashtags)
