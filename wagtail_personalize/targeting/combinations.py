"""Which combinations of some segments really occur among the people, and how many people have each.

Whoever asks about several audiences at once asks here: from the few combinations that occur follows the size of any
audience of these segments, without another query. Each person's segments are one number in the database, a bit for each
segment, and the numbers are counted.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db import connections, router
from django.db.models import BigIntegerField, Case, Sum, Value, When

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import ensure_today

#: Bits that fit into one number of every database, with its sign.
_BITS = 60


@dataclass(frozen=True)
class Combination:
    """So many active people are in exactly these segments, of those that were asked about."""

    segment_ids: frozenset[int]
    people: int


@dataclass(frozen=True)
class Combinations:
    """All combinations that occur, the most frequent first; everybody is in exactly one."""

    all: tuple[Combination, ...]

    def count(self, meant: Callable[[frozenset[int]], bool]) -> int:
        """How many people have a combination that is ``meant``."""
        return sum(each.people for each in self.all if meant(each.segment_ids))

    def where(self, meant: Callable[[frozenset[int]], bool]) -> "Combinations":
        """Those that are ``meant``."""
        return Combinations(tuple(each for each in self.all if meant(each.segment_ids)))


def combinations_of(segment_ids: Collection[int]) -> Combinations:
    """Today's combinations of these segments among all active people; two queries however many segments there are."""
    declaration = get_declaration()
    if declaration is None:
        return Combinations(())
    ensure_today()
    everybody = declaration.profiles().filter(declaration.active).count()
    found = _members(sorted(set(segment_ids))) if segment_ids else {}
    none = everybody - sum(found.values())
    if none > 0:
        found[frozenset()] = none
    in_order = sorted(found.items(), key=lambda item: (-item[1], sorted(item[0])))
    return Combinations(tuple(Combination(*item) for item in in_order))


def _members(ids: list[int]) -> dict[frozenset[int], int]:
    """How many people are in which of these segments, without those in none."""
    words = [ids[start : start + _BITS] for start in range(0, len(ids), _BITS)]
    names = [f"word{number}" for number in range(len(words))]
    bits = {name: Sum(_bit(word)) for name, word in zip(names, words, strict=True)}
    people = Membership.objects.filter(segment__in=ids, segment__broken="").order_by().values("person")
    using = router.db_for_read(Membership)
    sql, params = people.annotate(**bits).values(*names).query.get_compiler(using).as_sql()
    columns = ", ".join(connections[using].ops.quote_name(name) for name in names)
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {columns}, COUNT(*) FROM ({sql}) people GROUP BY {columns}", params)
        return {_segments(row[:-1], words): int(row[-1]) for row in cursor.fetchall()}


def _bit(word: Iterable[int]) -> Case:
    whens = [When(segment=pk, then=Value(1 << place)) for place, pk in enumerate(word)]
    return Case(*whens, default=Value(0), output_field=BigIntegerField())


def _segments(numbers: Iterable[int], words: list[list[int]]) -> frozenset[int]:
    pairs = zip(numbers, words, strict=True)
    return frozenset(pk for number, word in pairs for place, pk in enumerate(word) if int(number) >> place & 1)
