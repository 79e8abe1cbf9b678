"""What it costs that a segment changes for very many people who are subscribed by a rule.

    python -m benchmarks.subscriptions --assert
    DATABASE=postgresql python -m benchmarks.subscriptions

Target: a segment change that touches 100,000 people writes its subscription difference at at most 1.5 × the bare
``INSERT … SELECT`` of the same rows into the same table with the same indexes, beside as many subscriptions to other
sources. Three cases: nobody was subscribed; every second one was already; and right after a mass insert, when the
statistics of PostgreSQL are stale. What is measured is the whole reaction to the change, with its lock and its signal.

The other half, people leaving, is shown against the bare statements that do the same: remember, then delete. The sides
are measured in turns; on SQLite as processor time; the median of the rounds' ratios counts.
"""

import argparse
import statistics
from collections.abc import Callable
from typing import Any

from benchmarks import segments_firm as firm

LIMIT = 1.5
COLUMNS = "person_id, source_id, given, rule_id, level, since"


def main() -> None:
    options = _options()
    missed = []
    with firm.site() as engine:
        print(f"{engine}: {options.people:,} people, {options.others} other sources each")
        prepare(options.people, options.others)
        for name, before, counts in (
            ("nobody was subscribed", _nobody, True),
            ("every second one was", _half, True),
            ("right after a mass insert", _stale, True),
        ):
            rounds = [_round(before) for _number in range(options.rounds)]
            missed += _judge(name, rounds, counts)
        _judge("people leave", [_leaving() for _number in range(options.rounds)], False)
    if missed:
        print("\nMissed:", *missed, sep="\n  ")
    if missed and options.check:
        raise SystemExit(1)


def _judge(name: str, rounds: list[tuple[float, float]], counts: bool) -> list[str]:
    ratio = statistics.median(ours / bare for ours, bare in rounds)
    ours, bare = (statistics.median(side) for side in zip(*rounds, strict=True))
    line = f"{name:27} {ours:5.2f} s, bare {bare:5.2f} s, ratio {ratio:.2f}" + (f" (≤ {LIMIT})" if counts else "")
    print(f"  {line}")
    return [line] if counts and ratio > LIMIT else []


def prepare(people: int, others: int) -> None:
    """Everybody is in one segment, and follows some other sources by themselves."""
    from django.db import connection
    from django.utils import timezone

    from tests.builders import segment
    from wagtail_personalize.segments.models import Membership
    from wagtail_personalize.streams.models import Source, SubscriptionRule

    firm.hire(people)
    everybody = segment("Everybody", {"all": [{"attribute": "level", "operator": "gte", "value": 0}]})
    if Membership.objects.count() < people:
        Membership.objects.all().delete()
        rows = (f"SELECT {everybody.pk}, id, %s, 'rule' FROM auth_user",)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {Membership._meta.db_table} (segment_id, person_id, since, cause) {rows[0]}",
                [timezone.now()],
            )
    source = Source.objects.create(kind="page", key="measured")
    SubscriptionRule.objects.create(source=source, segment=everybody)
    for number in range(others):
        other = Source.objects.create(kind="page", key=f"other {number}")
        _insert(f"SELECT id, {other.pk}, 0, NULL, 2, %s FROM auth_user", own="2")
    firm.analyze()


def _round(before: Callable[[], None]) -> tuple[float, float]:
    """Ours, and the same rows bare."""
    from wagtail_personalize.streams.models import Subscription

    before()
    there = _ours().count()
    ours, _none = firm.timed(_change)
    written = _ours().count()
    before()
    bare, _none = firm.timed(lambda: _insert(_missing()))
    if not there < written == _ours().count() or Subscription.objects.filter(source__key="measured", given=0).exists():
        raise SystemExit("The two sides did not write the same.")
    return ours, bare


def _change() -> None:
    """The segment changed, and nobody says for whom."""
    from django.db import transaction

    from wagtail_personalize.hookspecs import memberships_changed
    from wagtail_personalize.streams.models import SubscriptionRule
    from wagtail_personalize.streams.notifications.telling import quietly

    with quietly(), transaction.atomic():  # that people are told of it is another benchmark's affair
        segments = set(SubscriptionRule.objects.values_list("segment", flat=True))
        memberships_changed.send(sender=None, segment_ids=segments, person_ids=None, cause="rule")


def _missing() -> str:
    """Bare: the members whom one knows to be missing."""
    from wagtail_personalize.streams.models import Subscription, SubscriptionRule

    rule = SubscriptionRule.objects.get()
    table = Subscription._meta.db_table
    members = f"SELECT person_id, {rule.source_id}, 2, {rule.pk}, 2, %s FROM personalize_segments_membership m"
    there = f"SELECT 1 FROM {table} s WHERE s.person_id = m.person_id AND s.source_id = {rule.source_id}"
    some = f" AND NOT EXISTS ({there})" if _ours().exists() else ""
    return f"{members} WHERE m.segment_id = {rule.segment_id}{some}"


def _insert(select: str, own: str = "NULL") -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from wagtail_personalize.streams.models import Subscription

    head, tail = select.split(" FROM ", 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Subscription._meta.db_table} ({COLUMNS}, own) {head}, {own} FROM {tail}", [timezone.now()]
        )


def _ours() -> Any:
    from wagtail_personalize.streams.models import Subscription

    return Subscription.objects.filter(source__key="measured")


def _nobody() -> None:
    from wagtail_personalize.streams.models import Source, Subscription

    with_measured = Subscription.objects.filter(source=Source.objects.get(key="measured"))
    with_measured._raw_delete(with_measured.db)
    firm.analyze()


def _half() -> None:
    _nobody()
    select = _missing()
    _insert(f"{select} AND m.person_id % 2 = 0".replace("%", "%%").replace("%%s", "%s"))
    firm.analyze()


def _stale() -> None:
    """As many rows come as there are, and nobody counts them."""
    from wagtail_personalize.streams.models import Source, Subscription

    _nobody()
    more, _new = Source.objects.get_or_create(kind="page", key="mass")
    rows = Subscription.objects.filter(source=more)
    rows._raw_delete(rows.db)
    firm.analyze()
    _insert(f"SELECT id, {more.pk}, 0, NULL, 2, %s FROM auth_user", own="2")


def _leaving() -> tuple[float, float]:
    """Everybody leaves: what was theirs by rule is remembered and deleted."""
    from django.db import connection, transaction
    from django.utils import timezone

    from wagtail_personalize.segments.models import Membership
    from wagtail_personalize.streams.models import Subscription, SubscriptionChange

    _nobody()
    _change()
    kept = list(Membership.objects.values_list("segment", "person", "since", "cause"))
    Membership.objects.all()._raw_delete(Membership.objects.db)
    firm.analyze()
    ours, _none = firm.timed(_change)
    if _ours().exists():
        raise SystemExit("Somebody is still subscribed.")
    rows = (Membership(segment_id=s, person_id=p, since=at, cause=why) for s, p, at, why in kept)
    Membership.objects.bulk_create(rows, batch_size=5000)
    _change()
    source = _ours().values_list("source", flat=True)[0]
    firm.analyze()

    def bare() -> None:
        history, table = SubscriptionChange._meta.db_table, Subscription._meta.db_table
        with transaction.atomic(), connection.cursor() as cursor:
            for what, at in ((12, "since"), (20, "%s")):
                cursor.execute(
                    f"INSERT INTO {history} (person_id, source_id, what, rule_id, at)"
                    f" SELECT person_id, source_id, {what}, rule_id, {at} FROM {table} WHERE source_id = {source}",
                    [timezone.now()] if at == "%s" else [],
                )
            cursor.execute(f"DELETE FROM {table} WHERE source_id = {source}")

    return ours, firm.timed(bare)[0]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=5, help="sources that everybody follows besides")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--assert", dest="check", action="store_true", help="exit with 1 when the limit is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
