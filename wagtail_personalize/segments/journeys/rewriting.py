"""What a journey as it stands in a form would do to the live segments that ask for its stages."""

from typing import Any

from ..effective import Definitions
from ..impact import Shift, shifts_of
from ..models import Segment
from ..naming import touched_by
from .condition import replace_journey
from .forms import JourneyForm
from .models import Journey, Stage
from .usage import segments_asking


def segments_rewritten(form: JourneyForm) -> list[Segment]:
    """The live segments that ask for a stage of it, and those that name them, when more than names changes."""
    if not _changes_meaning(form):
        return []
    keys = {*_keys_before(form), *_keys(_as_edited(form))}
    asking = [segment for segment in segments_asking(keys) if segment.live]
    found = {one.pk: one for one in [*asking, *touched_by(segment.slug for segment in asking)] if one.live}
    return list(found.values())


def shifts(form: JourneyForm) -> tuple[Shift, ...]:
    """Who joins and leaves these segments."""
    definitions = Definitions()
    replace_journey(definitions.compiler, _keys_before(form), _as_edited(form))
    return shifts_of(segments_rewritten(form), definitions)


def sent(form: JourneyForm) -> Any:
    """What the meaning of the stages follows from."""
    journey = _as_edited(form)
    stages = [(one.slug, one.from_day, one.event, one.attributes, one.days) for one in journey.listed]
    return [journey.slug, journey.hire_date, stages]


def _changes_meaning(form: JourneyForm) -> bool:
    changed = set(form.changed_data).union(*(one.changed_data for one in form.formsets["stages"].forms))
    return not changed <= {"name"}


def _keys_before(form: JourneyForm) -> list[str]:
    stages = Stage.objects.filter(journey=form.instance.pk).select_related("journey") if form.instance.pk else ()
    return [stage.key for stage in stages]


def _keys(journey: Journey) -> list[str]:
    return [f"{journey.slug}/{stage.slug}" for stage in journey.listed]


def _as_edited(form: JourneyForm) -> Journey:
    """A copy; stages that are new get a number, because they are told apart by it."""
    journey = Journey(name=form.instance.name, slug=form.instance.slug, hire_date=form.instance.hire_date)
    journey.listed = [_copy(one.instance, -n) for n, one in enumerate(form.formsets["stages"].ordered_forms, 1)]
    return journey


def _copy(stage: Stage, number: int) -> Stage:
    kept = {name: getattr(stage, name) for name in ("name", "slug", "from_day", "event", "attributes", "days")}
    return Stage(pk=stage.pk or number, **kept)
