"""Cutting a stream into lists of a bounded size."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int = 1000) -> Iterator[list[T]]:
    """Lists of at most ``size`` items, in order; reads no further ahead than one list."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
