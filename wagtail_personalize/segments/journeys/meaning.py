"""What it means to be in a stage: one ``Q`` over the profile model for each stage, for one day.

An event that has not run out comes before the days since the hire date, and of several events the first in the order
of the journey counts, so nobody is in two stages. Everything is compiled through ordinary conditions on the declared
attributes: what is no longer declared breaks the journey, and a broken journey has nobody in any stage.
"""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import F, Q
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Date, Number
from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from ..rules.broken import BrokenRule
from ..rules.calendar import ahead
from ..rules.compile import Compiler
from .models import Event, Journey, Stage, WatchedValue

NOBODY = Q(pk__in=[])


def stage_qs(journey: Journey, compiler: Compiler) -> dict[Stage, Q]:
    """Who is in which stage on the compiler's day; raises ``BrokenRule``. Says nothing about who is active."""
    stages = journey.listed
    found: dict[Stage, Q] = {}
    before: Q | None = None
    for stage in stages:
        if stage.event:
            own = _event(stage, compiler)
            found[stage] = own & ~before if before is not None else own
            before = own if before is None else before | own
    for stage, own in _days(journey, stages, compiler):
        found[stage] = own & ~before if before is not None else own
    return found


def watched_in(stage: Stage, declaration: ProfileDeclaration) -> set[str]:
    """The attributes whose changes make the event of a stage."""
    if stage.event in (Event.MOVED, Event.PROMOTED):
        return set(stage.attributes)
    if stage.event == Event.BACK:
        return {name for name in stage.attributes if not isinstance(declaration.get(name), Date)}
    return set()


def _days(journey: Journey, stages: Iterable[Stage], compiler: Compiler) -> Iterable[tuple[Stage, Q]]:
    """Each stage lasts until the day before the next one begins, the last for ever."""
    _refuse_self(journey.hire_date, compiler)
    ordered = sorted((one for one in stages if not one.event and one.from_day is not None), key=lambda s: s.from_day)
    for stage, following in zip(ordered, [*ordered[1:], None], strict=False):
        latest = ahead(compiler.today, -stage.from_day, "days")
        if following is None:
            day = {"operator": "before", "value": ahead(latest, 1, "days").isoformat()}
        else:
            earliest = ahead(compiler.today, 1 - following.from_day, "days")
            if earliest > latest:
                yield stage, NOBODY
                continue
            day = {"operator": "between", "value": [earliest.isoformat(), latest.isoformat()]}
        yield stage, compiler.rule({"all": [{"attribute": journey.hire_date, **day}]})


def _event(stage: Stage, compiler: Compiler) -> Q:
    for name in stage.attributes:
        _refuse_self(name, compiler)
    parts = [_seen_in(name, stage, compiler) for name in stage.attributes]
    return reduce(or_, parts) if parts else NOBODY


def _seen_in(name: str, stage: Stage, compiler: Compiler) -> Q:
    """The event of a stage as it shows in one attribute."""
    attribute, days, today = compiler.declaration.get(name), max(1, stage.days or 1), compiler.today
    begin, end = ahead(today, 1 - days, "days"), ahead(today, days - 1, "days")
    match stage.event:
        case Event.MOVED:
            return _changed(name, "changed_on", begin, today)
        case Event.PROMOTED:
            return _changed(name, "rose_on" if isinstance(attribute, Number) else "changed_on", begin, today)
        case Event.BACK if not isinstance(attribute, Date):
            return _changed(name, "fell_on", begin, today)
        case Event.BACK:
            asked = {"operator": "between", "value": [begin.isoformat(), today.isoformat()]}
        case _ if isinstance(attribute, Date):
            asked = {"operator": "between", "value": [today.isoformat(), end.isoformat()]}
        case _:
            asked = {"operator": "is", "value": True}
    return compiler.rule({"all": [{"attribute": name, **asked}]})


def _changed(name: str, on: str, begin: date, end: date) -> Q:
    rows = WatchedValue.objects.filter(attribute=name, **{f"{on}__range": (begin, end)})
    return Q(In(F(get_declaration().person_path), rows.values("person").query))


def _refuse_self(name: str, compiler: Compiler) -> None:
    """What people say about themselves must not decide where they stand: a stage may restrict."""
    attribute = compiler.declaration.get(name)
    if attribute is None or attribute.source == "self":
        raise BrokenRule(_("The journey names “%(name)s”, which is no attribute that it can use.") % {"name": name})
