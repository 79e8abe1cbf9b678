"""What the processes of the fault tests do with raw events and figures. Every act is one month long ago."""

from datetime import date, timedelta

FIRST, DAYS, CONTENTS = date(2026, 2, 2), 26, 40


def fill_events(people: int) -> int:
    """Everybody looks at every page on every second day; returns how many rows that gave."""
    from wagtail_personalize.engagement.models import Content

    Content.objects.bulk_create(Content(type="hashtag", key=f"page {n}") for n in range(CONTENTS))
    for day in range(DAYS):
        _view(day, people // 2)
    return _number()


def view_again() -> int:
    """One more view of each page on each day: every figure of all people changes."""
    for day in range(DAYS):
        _view(day, 1)
    return _number()


def _view(day: int, people: int) -> None:
    from tests.engagement.raw import event
    from wagtail_personalize.engagement.models import Content, Event
    from wagtail_personalize.engagement.rollup.closing import mark

    when = FIRST + timedelta(days=day)
    contents = list(Content.objects.filter(type="hashtag"))
    Event.objects.bulk_create(event(one, when, person=n, save=False) for one in contents for n in range(people))
    mark([when])


def _number() -> int:
    from wagtail_personalize.engagement.models import Event

    return Event.objects.count()


def roll_up_events(times: int = 1) -> int:
    """As the scheduler does."""
    from wagtail_personalize.engagement.rollup.run import roll_up

    return sum(roll_up().figures for _ in range(times))


def purge_events() -> int:
    from wagtail_personalize.engagement.retention.raw_events import purge_raw_events

    return purge_raw_events()


def views_of_spans() -> dict[str, list[int]]:
    """How many views each span has in all, and how many of its days can have had any."""
    from django.db.models import Sum

    from wagtail_personalize.engagement.models import Figures
    from wagtail_personalize.engagement.rollup.spans import Span

    rows = Figures.objects.values_list("span", "start").annotate(Sum("views"))
    last = FIRST + timedelta(days=DAYS)
    return {
        f"{span} {start}": [views, sum(FIRST <= day < last for day in Span(span, start).days())]
        for span, start, views in rows
    }
