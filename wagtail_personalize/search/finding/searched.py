"""What is told of a search to whoever counts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Searched:
    """The ``obj`` of ``record("search", …)``: the words, and the number of results after the permission filter."""

    words: str
    results: int

    def __str__(self) -> str:
        return self.words
