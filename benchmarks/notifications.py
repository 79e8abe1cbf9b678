"""What it costs to tell very many people of a page that was published.

    python -m benchmarks.notifications --assert
    DATABASE=postgresql python -m benchmarks.notifications --assert

Target: for 100,000 followers the notifications are written at at most 2 × the bare ``INSERT … SELECT`` of the same rows
into the same table with the same indexes, beside as many notifications of other pages. Two cases: all follow one source
at the usual level; and a restricted page of three sources, where every tenth person chose for themselves and segments
have defaults. What is measured is the whole task: whom it is for, who may see it, what they want, the load, and the
look for mails.

The sides are measured in turns, the bare one twice, so that two runs of the same thing show how exact it is; on SQLite
as processor time, on PostgreSQL with that of its process. The median of the rounds' ratios counts.
"""

import argparse
import statistics
from typing import Any

from benchmarks import segments_firm as firm

LIMIT = 2.0
COLUMNS = "person_id, notice_id, in_app, mail, is_read, is_mailed"
EVENT = "news"


def main() -> None:
    options = _options()
    missed = []
    with firm.site() as engine:
        print(f"{engine}: {options.people:,} people, {options.others} other notifications each")
        topic = _prepare(options.people, options.others)
        missed += _judge("one source", [_round(topic, number) for number in range(options.rounds)])
        page = _make_it_harder(topic)
        missed += _judge("restricted, chosen, defaults", [_round(page, number) for number in range(options.rounds)])
    if missed:
        print("\nMissed:", *missed, sep="\n  ")
    if missed and options.check:
        raise SystemExit(1)


def _judge(name: str, rounds: list[dict[str, float]]) -> list[str]:
    ratio = statistics.median(one["ours"] / one["bare"] for one in rounds)
    control = statistics.median(one["again"] / one["bare"] for one in rounds)
    ours, bare = (statistics.median(one[side] for one in rounds) for side in ("ours", "bare"))
    line = f"{name:30} {ours:5.2f} s, bare {bare:5.2f} s, ratio {ratio:.2f} (≤ {LIMIT}), bare to bare {control:.2f}"
    print(f"  {line}")
    return [line] if ratio > LIMIT else []


def _prepare(people: int, others: int) -> Any:
    """Everybody follows a topic, and was told of other pages before."""
    from tests.builders import home
    from wagtail_personalize.streams.sources.finding import name_of, source_for

    firm.hire(people)
    _run(f"UPDATE auth_user SET is_active = {_true()}")
    home()
    topic = _published("Topic")
    _follow(source_for(name_of(topic)))
    for number in range(others):
        _run(_bare(_notice(topic, f"other {number}"), "SELECT id AS person_id FROM auth_user", 1))
    firm.analyze()
    return _published("News", topic)


def _make_it_harder(page: Any) -> Any:
    """Three sources, an audience that lets everybody pass, own choices of every tenth person, defaults."""
    from tests.builders import segment, user
    from wagtail_personalize.streams.models import PreferenceDefault
    from wagtail_personalize.streams.sources.finding import name_of, source_for
    from wagtail_personalize.targeting.audiences import Clause
    from wagtail_personalize.targeting.page_audiences import set_page_audience

    _let_users_be_made()
    author = user("author")
    type(page).objects.filter(pk=page.pk).update(owner=author)
    page.refresh_from_db()
    everybody = segment("Everybody", {"all": [{"attribute": "level", "operator": "gte", "value": 0}]})
    some = segment("Some", {"all": [{"attribute": "level", "operator": "gte", "value": 7}]})
    set_page_audience(page, author, {Clause.of([everybody])}, frozenset())
    for source in (page, author):
        _follow(source_for(name_of(source)))
    for position, one in enumerate((some, everybody)):
        PreferenceDefault.objects.create(segment=one, event=EVENT, mail=1, position=position)
    _run(
        "INSERT INTO personalize_streams_preference (person_id, event, in_app, mail)"
        f" SELECT id, '{EVENT}', {_true()}, 0 FROM auth_user WHERE id % 10 = 0"
    )
    firm.analyze()
    return page


def _round(page: Any, number: int) -> dict[str, float]:
    """Ours and the bare one, which begins every other time, and the bare one again."""
    sides = ["ours", "bare", "again"]
    return {side: _measured(page, side) for side in (sides if number % 2 else reversed(sides))}


def _measured(page: Any, side: str) -> float:
    from wagtail_personalize.streams.models import Notice, Notification
    from wagtail_personalize.streams.notifications.fan_out import fan_out

    Notice.objects.filter(event=EVENT, translation_key=page.translation_key).update(translation_key=None)
    notice = _notice(page, f"{side} {Notice.objects.count()}")
    followers = "SELECT DISTINCT person_id FROM personalize_streams_subscription WHERE level IN (2, 3)"
    action = (lambda: fan_out(notice.pk)) if side == "ours" else (lambda: _run(_bare(notice, followers, 1)))
    seconds, _none = firm.timed(action)
    if not Notification.objects.filter(notice=notice).count() >= 0.99 * _people():
        raise SystemExit("The two sides did not write the same.")
    return seconds


def _bare(notice: Any, people: str, mail: int) -> str:
    """The same rows, for whom and how being known."""
    table, no = "personalize_streams_notification", "false" if _true() == "true" else "0"
    values = f"person_id, {notice.pk}, {_true()}, {mail}, {no}, {no}"
    return f"INSERT INTO {table} ({COLUMNS}) SELECT {values} FROM ({people}) people"


def _notice(page: Any, key: str) -> Any:
    from django.utils import timezone

    from wagtail_personalize.streams.models import Notice

    about = None if key.startswith("other") else page.translation_key
    return Notice.objects.create(event=EVENT, key=key, translation_key=about, at=timezone.now())


def _published(title: str, parent: Any = None) -> Any:
    from tests.streams.timeline import published
    from wagtail_personalize.streams.notifications.telling import quietly

    with quietly():
        return published(title, parent=parent)


def _let_users_be_made() -> None:
    """The firm was hired with keys of its own, which PostgreSQL's sequence knows nothing of."""
    from django.contrib.auth import get_user_model
    from django.core.management.color import no_style
    from django.db import connection

    for statement in connection.ops.sequence_reset_sql(no_style(), [get_user_model()]):
        _run(statement)


def _follow(source: Any) -> None:
    _run(
        "INSERT INTO personalize_streams_subscription (person_id, source_id, own, given, level, since)"
        f" SELECT id, {source.pk}, 2, 0, 2, CURRENT_TIMESTAMP FROM auth_user"
    )


def _run(statement: str) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _people() -> int:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.count()


def _true() -> str:
    from django.db import connection

    return "true" if connection.vendor == "postgresql" else "1"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=5, help="notifications of other pages that each person has")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--assert", dest="check", action="store_true", help="fail when the target is missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
