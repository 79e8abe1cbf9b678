"""Reading the value of an attribute: for rules, for people, and for those who pick values."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Manager, Model
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .attributes import Attribute, Choice, Date, Link, Many, Number, Tree, YesNo
from .declaration import get_declaration
from .folded_values import is_folded
from .folding import fold
from .models import FoldedValue
from .paths import Hop, end, hops


def value_of(profile: Model | None, attribute: Attribute) -> Any:
    """The value as Python has it: a list for ``Many``, else one value or ``None``; a datetime as its local day.

    ``profile`` may be ``None`` (a user without a profile).
    """
    reached = reach(profile, hops(get_declaration().profile_model, attribute.path)) if profile is not None else []
    if isinstance(attribute, Many):
        return reached
    value = reached[0] if reached else None
    return local_day(value) if isinstance(attribute, Date) else value


def display_value(profile: Model | None, attribute: Attribute) -> str:
    """The value as people read it; empty when there is none."""
    value = value_of(profile, attribute)
    if isinstance(attribute, Many):
        return ", ".join(sorted((str(item) for item in value), key=fold))
    return "" if value is None else displayed(value, attribute)


def value_to_rule(obj: Any, attribute: Attribute) -> str:
    """How a rule names this value: the key of a linked object, else the value itself, as text."""
    if isinstance(obj, Model):
        return str(getattr(obj, attribute.key))
    return obj.isoformat() if isinstance(obj, date) else str(obj)


def choices_for(attribute: Attribute, search: str = "", limit: int = 50) -> list[tuple[str, str]]:
    """Real values to pick from as (rule value, label), those whose label contains ``search``, at most ``limit``."""
    found = []
    wanted = fold(search)
    for value, label in _candidates(attribute, wanted):
        if wanted in fold(label):
            found.append((value, label))
        if len(found) == limit:
            break
    return found


def declared_choices(attribute: Attribute) -> list[tuple[str, str]]:
    """The choices that the model field itself declares, as (rule value, label)."""
    choices = getattr(end(get_declaration().profile_model, attribute.path), "flatchoices", None) or []
    return [(str(value), str(label)) for value, label in choices if value not in (None, "")]


def reach(profile: Model, path: list[Hop]) -> list[Any]:
    """All values at the end of a path."""
    values: list[Any] = [profile]
    for hop in path:
        values = [reached for value in values for reached in _step(value, hop)]
    return values


def _step(obj: Model, hop: Hop) -> Iterable[Any]:
    try:
        value = getattr(obj, hop.accessor)
    except ObjectDoesNotExist:
        return []
    if isinstance(value, Manager):
        return value.all()
    return [] if value is None or value == "" else [value]


def local_day(value: Any) -> date | None:
    """A day as it is, a datetime as its local day."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def displayed(value: Any, attribute: Attribute) -> str:
    """One value that there is, as people read it."""
    match attribute:
        case Date():
            return formats.date_format(value, "MONTH_DAY_FORMAT" if attribute.yearless else "DATE_FORMAT")
        case YesNo():
            return _("Yes") if value else _("No")
        case Number():
            return f"{formats.localize(value, use_l10n=True)} {attribute.unit}".strip()
        case Choice():
            return dict(declared_choices(attribute)).get(str(value), str(value))
    return str(value)


def _candidates(attribute: Attribute, wanted: str) -> Iterable[tuple[str, str]]:
    if isinstance(attribute, YesNo):
        return [("true", _("Yes")), ("false", _("No"))]
    if isinstance(attribute, Choice) and (declared := declared_choices(attribute)):
        return declared
    if is_folded(attribute):
        return _texts(attribute, wanted)
    if isinstance(attribute, Link | Many | Tree):
        objects = end(get_declaration().profile_model, attribute.path).related_model._default_manager.all()
        return ((value_to_rule(obj, attribute), str(obj)) for obj in objects.iterator(chunk_size=200))
    return []


def _texts(attribute: Attribute, wanted: str) -> Iterable[tuple[str, str]]:
    """Known texts, one for each folded form, in the order people expect."""
    known = FoldedValue.objects.filter(attribute=attribute.name, folded__contains=wanted).order_by("folded", "value")
    seen = {""}
    for value, folded in known.values_list("value", "folded").iterator(chunk_size=200):
        if folded not in seen:
            seen.add(folded)
            yield value, value
