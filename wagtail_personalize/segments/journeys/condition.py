"""*Is in stage* and its contrary: the definition of the stage stands in for the condition."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from weakref import WeakKeyDictionary

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..rules.broken import BrokenRule
from ..rules.compile import Compiler
from ..rules.conditions import register
from ..rules.conditions.base import ConditionType
from ..rules.operators import Shape
from ..rules.schema import shorten
from .meaning import stage_qs
from .models import Journey, PersonStage, Stage

#: What ``mentions`` calls the stages.
STAGES = "in_stage"

_compiled: WeakKeyDictionary[Compiler, dict[str, Q | BrokenRule]] = WeakKeyDictionary()


@register
class InStage(ConditionType):
    """In one of these stages, each named ``journey/stage`` by their short names."""

    operator = STAGES
    label = _("is in the journey stage")
    phrase = _("is in stage %(value)s")
    shape = Shape.CHOICES
    depends_on_date = True

    def choices(self):
        stages = Stage.objects.select_related("journey").order_by("journey__name", "sort_order", "pk")
        return [(stage.key, f"{stage.journey.name}: {stage.name}") for stage in stages]

    def compiled(self, condition, compiler) -> Q:
        """All journeys are read once for all rules that are compiled together."""
        return self.q(condition, compiler)

    def q(self, condition, compiler) -> Q:
        known = _of_all_journeys(compiler)
        return reduce(or_, (_found(known, key) for key in condition["value"]))

    def mentions(self, condition):
        yield STAGES

    def actual(self, person_id) -> str:
        rows = PersonStage.objects.filter(person=person_id).select_related("stage__journey")
        return ", ".join(sorted(f"{row.stage.journey.name}: {row.stage.name}" for row in rows))


@register
class NotInStage(InStage):
    """In none of them; a stage that does not exist breaks the rule all the same."""

    operator = "not_in_stage"
    label = _("is not in the journey stage")
    phrase = _("is not in stage %(value)s")
    negates = STAGES

    def q(self, condition, compiler) -> Q:
        return ~super().q(condition, compiler)


def _of_all_journeys(compiler: Compiler) -> dict[str, Q | BrokenRule]:
    known = _compiled.get(compiler)
    if known is None:
        known = _compiled[compiler] = {}
        for journey in Journey.objects.with_stages():
            known |= _of_journey(journey, compiler)
    return known


def _of_journey(journey: Journey, compiler: Compiler) -> dict[str, Q | BrokenRule]:
    try:
        return {f"{journey.slug}/{stage.slug}": q for stage, q in stage_qs(journey, compiler).items()}
    except BrokenRule as broken:
        return {f"{journey.slug}/{stage.slug}": broken for stage in journey.listed}


def replace_journey(compiler: Compiler, keys: Iterable[str], journey: Journey) -> None:
    """Let ``compiler`` take the stages of ``journey``, as it would be, in place of those that ``keys`` name."""
    known = _of_all_journeys(compiler)
    for key in keys:
        known.pop(key, None)
    known |= _of_journey(journey, compiler)


def _found(known: dict[str, Q | BrokenRule], key: str) -> Q:
    found = known.get(key)
    if found is None:
        told = {"name": shorten(key)}
        raise BrokenRule(gettext("The rule names the journey stage “%(name)s”, which does not exist.") % told)
    if isinstance(found, BrokenRule):
        raise BrokenRule(found.sentence)
    return found
