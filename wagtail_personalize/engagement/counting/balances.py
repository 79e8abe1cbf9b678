"""The balance of what browsers sent: every event is stored, a duplicate, rejected or dropped, and received."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from random import randrange

from django.db.models import F, Sum

from wagtail_personalize.segments.days import today

from ..models import Balance

#: So many beacons may write at the same time without waiting for each other.
SHARDS = 8


@dataclass(frozen=True)
class Outcome:
    """What became of some events."""

    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    dropped: int = 0

    @property
    def received(self) -> int:
        return self.stored + self.duplicate + self.rejected + self.dropped

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(**{name: number + getattr(other, name) for name, number in asdict(self).items()})


def add_to_balance(outcome: Outcome, day: date | None = None) -> None:
    """Count ``outcome`` on the day on which it was received. Call it last in the transaction that stored the events."""
    if not outcome.received:
        return
    row = {"day": day or today(), "shard": randrange(SHARDS)}
    more = {name: F(name) + number for name, number in {**asdict(outcome), "received": outcome.received}.items()}
    if not Balance.objects.filter(**row).update(**more):
        Balance.objects.bulk_create([Balance(**row)], ignore_conflicts=True)
        Balance.objects.filter(**row).update(**more)


def balance_of(day: date) -> Mapping[str, int]:
    """The five numbers of a day."""
    names = "received", "stored", "duplicate", "rejected", "dropped"
    sums = Balance.objects.filter(day=day).aggregate(**{f"all_{name}": Sum(name, default=0) for name in names})
    return {name: sums[f"all_{name}"] for name in names}
