"""What a series as it stands in a form would do to its live segments."""

from typing import Any

from django.forms import ModelForm

from ..impact import Shift, shifts_of
from ..models import Segment
from ..naming import touched_by
from .following import rules_anew


def segments_rewritten(form: ModelForm) -> list[Segment]:
    """The live segments that get another name, category or rule."""
    if not form.changed_data:
        return []
    return list(Segment.objects.filter(series_value__series=form.instance, live=True).order_by("name"))


def shifts(form: ModelForm) -> tuple[Shift, ...]:
    """Who joins and leaves them, and those that name them; nobody unless what is below counts otherwise."""
    if "with_below" not in form.changed_data:
        return ()
    new = {segment.slug: rule for segment, rule in rules_anew(form.instance) if segment.live}
    own = [segment for segment in segments_rewritten(form) if segment.slug in new]
    naming = [one for one in touched_by(new) if one.live and one.slug not in new]
    return shifts_of([*own, *naming], rules=new)


def sent(form: ModelForm) -> Any:
    """What the figures follow from."""
    return [form.instance.with_below, form.instance.name_pattern, form.instance.category_id]
