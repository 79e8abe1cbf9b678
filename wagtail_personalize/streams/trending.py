"""What is on the rise: hashtags that clearly more people move in the last seven days than in the weeks before.

For each hashtag, (observed − expected)² ÷ expected, where *observed* is the number of distinct people of the last seven
days and *expected* the weekly average of the four weeks before, at least one; at least three people. A hashtag is moved
by whoever made a page with it, on the day on which that was published, and by those who speak up on such a page (see
``voices.py``). Counted is what happens on pages that the viewer may open. A hashtag appears only after a review.

One statement, written by hand around what Django compiles: it counts the union of all that in the database.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import connections, router
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils import timezone

from wagtail_personalize.segments.viewer import Viewer

from .hashtag_stream import visible_uses
from .models import Hashtag, HashtagUse
from .voices import Voices, all_voices

DAYS = 7
WEEKS_BEFORE = 4
LEAST_PEOPLE = 3
#: Below this, what looks like a rise is chance (χ² at the 5 % level).
LEAST_STRENGTH = 3.84

#: A statement that gives hashtags with a person and a week, and its parameters.
_Part = tuple[str, tuple[Any, ...]]


def trending(viewer: Viewer, number: int = 5) -> list[Hashtag]:
    """The hashtags on the rise, the strongest first; ``people`` says how many people move each."""
    observed, earlier = _people(viewer)
    moved = {pk: people for pk, people in observed.items() if people >= LEAST_PEOPLE}
    strength = {pk: _strength(people, earlier.get(pk, 0) / WEEKS_BEFORE) for pk, people in moved.items()}
    rising = [pk for pk, found in strength.items() if found >= LEAST_STRENGTH]
    found = list(Hashtag.objects.filter(pk__in=rising, reviewed=True)) if rising else []
    for hashtag in found:
        hashtag.people = moved[hashtag.pk]
    return sorted(found, key=lambda tag: (-strength[tag.pk], -tag.people, tag.label))[:number]


def _strength(observed: int, expected: float) -> float:
    expected = max(expected, 1)
    return (observed - expected) ** 2 / expected if observed > expected else 0


def _people(viewer: Viewer) -> tuple[dict[int, int], dict[int, int]]:
    """By hashtag: the distinct people of this week, and those of the weeks before, week by week."""
    observed: dict[int, int] = {}
    earlier: dict[int, int] = {}
    for hashtag, week, people in _counted(viewer):
        if week:
            earlier[hashtag] = earlier.get(hashtag, 0) + people
        else:
            observed[hashtag] = people
    return observed, earlier


def _counted(viewer: Viewer) -> list[tuple[int, int, int]]:
    """``(hashtag, week, people)``; this week is 0. One statement."""
    connection = connections[router.db_for_read(HashtagUse)]
    parts = list(_parts(viewer, connection.alias))
    if not parts:
        return []
    # UNION, not UNION ALL: somebody who does both in a week is one person.
    together = " UNION ".join(statement for statement, _params in parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT main, the_week, COUNT(*) FROM ({together}) everybody GROUP BY main, the_week",
            [value for _statement, params in parts for value in params],
        )
        return cursor.fetchall()


def _parts(viewer: Viewer, alias: str) -> Iterator[_Part]:
    now = timezone.now()
    uses = visible_uses(viewer).order_by()
    try:
        yield _makers(uses, now, alias)
        for voices in all_voices():
            yield _speakers(uses, voices, now, alias)
    except EmptyResultSet:  # nothing is visible
        return


def _makers(uses: QuerySet, now: datetime, alias: str) -> _Part:
    rows = _of_people(uses, "published_at", "page__owner", now)
    return _compiled(rows.values_list("main", "the_person", "the_week"), alias)


def _speakers(uses: QuerySet, voices: Voices, now: datetime, alias: str) -> _Part:
    """Those who spoke up on pages with a hashtag, whenever these were published."""
    spoken = _of_people(voices.rows().order_by(), voices.at, voices.person, now).annotate(the_page=F(voices.page))
    uses = uses.filter(page__translation_key__in=spoken.values("the_page"))
    uses = uses.annotate(the_page=F("page__translation_key"))
    where, where_params = _compiled(uses.values_list("main", "the_page"), alias)
    who, who_params = _compiled(spoken.values_list("the_page", "the_person", "the_week"), alias)
    statement = f"""
        SELECT used.main, spoken.the_person, spoken.the_week
        FROM ({where}) used JOIN ({who}) spoken ON spoken.the_page = used.the_page"""
    return statement, (*where_params, *who_params)


def _of_people(rows: QuerySet, at: str, person: str, now: datetime) -> QuerySet:
    """Rows of the last weeks by people who are here, with ``the_person`` and ``the_week``."""
    since = [now - timedelta(days=DAYS * (week + 1)) for week in range(1 + WEEKS_BEFORE)]
    weeks = [When(**{f"{at}__gt": begin}, then=Value(week)) for week, begin in enumerate(since)]
    here = {f"{person}__is_active": True} if _may_leave() else {f"{person}__isnull": False}
    rows = rows.filter(**{f"{at}__gt": since[-1], f"{at}__lte": now}, **here)
    return rows.annotate(the_person=F(person), the_week=Case(*weeks, output_field=IntegerField()))


def _may_leave() -> bool:
    try:
        return bool(get_user_model()._meta.get_field("is_active"))
    except FieldDoesNotExist:
        return False


def _compiled(rows: QuerySet, alias: str) -> _Part:
    return rows.query.get_compiler(alias).as_sql()
