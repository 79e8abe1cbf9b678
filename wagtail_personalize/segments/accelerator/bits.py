"""Sets of people as whole numbers: one bit for each place in a crowd, the first place being the highest bit.

*And*, *or* and *not* of such numbers treat many people in one step of the processor, and a number is made from the text
of its digits in one step of the interpreter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

#: What a byte is when it stands for a person who is in a set, or not: the digits 1 and 0.
_IN, _OUT = b"1"[0], b"0"[0]
#: More kinds than a byte can tell apart are collected place by place.
_MOST_KINDS = 256

#: A name, whatever it is, → the set.
Sets = dict[int, int]


class Places:
    """The places of a crowd of so many people, and sets of them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._bytes = (number + 7) // 8
        self._spare = 8 * self._bytes - number
        #: All places.
        self.all = (1 << number) - 1

    def of_kinds(self, kinds: Sequence[int], names: Sequence[Iterable[int]]) -> Sets:
        """The sets by name, given the kind for each place and the names for each kind."""
        if len(names) > _MOST_KINDS:
            return named(self.of_pairs(enumerate(kinds)), names)
        packed, tables = bytes(kinds), {}
        for kind, some in enumerate(names):
            for name in some:
                tables.setdefault(name, bytearray([_OUT]) * _MOST_KINDS)[kind] = _IN
        return {name: int(packed.translate(table), 2) for name, table in tables.items()}

    def of_pairs(self, pairs: Iterable[tuple[int, int]]) -> Sets:
        """The sets by kind, given places with their kinds, of which each may have any number."""
        rows: dict[int, bytearray] = {}
        for place, kind in pairs:
            row = rows.get(kind)
            if row is None:
                row = rows[kind] = self.row()
            row[place >> 3] |= 128 >> (place & 7)
        return {kind: self.of_row(row) for kind, row in rows.items()}

    def row(self) -> bytearray:
        """An empty set to write into: place ``n`` is ``row[n >> 3] |= 128 >> (n & 7)``."""
        return bytearray(self._bytes)

    def of_row(self, row: bytearray) -> int:
        """The set that was written into a row."""
        return int.from_bytes(row, "big") >> self._spare

    def row_of(self, people: int) -> bytes:
        """A set as a row: place ``n`` is ``row[n >> 3] & 128 >> (n & 7)``."""
        return (people << self._spare).to_bytes(self._bytes, "big")

    def listed(self, people: int, first: int, last: int) -> Iterator[int]:
        """The places from ``first`` on and before ``last`` that are in a set, in order."""
        some = (people >> (self.number - last)) & ((1 << (last - first)) - 1)
        digits = f"{some:0{last - first}b}" if some else ""
        found = digits.find("1")
        while found >= 0:
            yield first + found
            found = digits.find("1", found + 1)


def named(kinds: Mapping[int, int], names: Sequence[Iterable[int]]) -> Sets:
    """The sets by name, given the sets by kind and the names for each kind."""
    sets: Sets = {}
    for kind, people in kinds.items():
        for name in names[kind]:
            sets[name] = sets.get(name, 0) | people
    return sets
