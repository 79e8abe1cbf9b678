"""What is told of a search to whoever counts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Searched:
    """The ``obj`` of ``record("search", …)``: the words, and the number of results after the permission filter."""

    words: str
    results: int

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Opened:
    """The ``obj`` of ``record("search_opened", …)``: the words of the search of which a result was opened."""

    words: str

    def __str__(self) -> str:
        return self.words
