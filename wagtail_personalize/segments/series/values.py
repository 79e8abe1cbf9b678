"""The values of an attribute, each with what its segment is called by, asks for, and how many people it means now.

Linked objects count whether somebody has them or not; texts and numbers only while somebody has them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute, Choice, Date, Many, Number, Tree, YesNo
from wagtail_personalize.people.closure import node_key, tree_name
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.exact import ExactText
from wagtail_personalize.people.folded_values import is_folded
from wagtail_personalize.people.folding import fold
from wagtail_personalize.people.models import TreePath
from wagtail_personalize.people.values import declared_choices

from ..rules.broken import BrokenRule
from ..rules.shapes import is_key, is_number
from ..rules.targets import target

LONGEST_VALUE = 255


@dataclass(frozen=True)
class Value:
    """One value: ``key`` tells it apart, ``asked`` is how a rule names it."""

    key: str
    asked: Any
    label: str
    size: int


def label_of(name: str) -> Any:
    """What an attribute is called; its name, if it is no longer declared."""
    declaration = get_declaration()
    attribute = declaration.get(name) if declaration else None
    return attribute.label if attribute else name


def suitable_attributes() -> list[Attribute]:
    """Those whose values can be listed: not dates."""
    declaration = get_declaration()
    return [one for one in declaration.attributes if not isinstance(one, Date)] if declaration else []


def linked_model(attribute: Attribute) -> Any:
    """The model of the linked objects, ``None`` for plain values; raises ``BrokenRule`` for a path to nowhere."""
    field = target(get_declaration(), attribute).field
    return field.related_model if field.is_relation else None


def declared(name: str) -> Attribute | None:
    """The attribute, unless it is gone or its path leads nowhere: then nothing is known about its values."""
    declaration = get_declaration()
    attribute = declaration.get(name) if declaration else None
    try:
        return attribute if attribute is None or target(declaration, attribute) else None
    except BrokenRule:
        return None


def values_of(attribute: Attribute, with_below: bool = False) -> list[Value]:
    """All values in the order of their labels: two queries for linked objects (three with a tree), else one."""
    try:
        model = linked_model(attribute)
    except BrokenRule:
        return []
    if model is not None:
        found = _linked(attribute, model, with_below and isinstance(attribute, Tree))
    else:
        found = _plain(attribute, counted(attribute, get_declaration().people()))
    return sorted(_told_apart(found), key=lambda value: (fold(value.label), value.key))


def counted(attribute: Attribute, profiles: QuerySet) -> list[tuple[Any, int]]:
    """How many of these people have which value (linked objects: by primary key), in one query.

    Texts are told apart letter by letter: what folds to the same is put together here and not by the database.
    """
    path = attribute.path if linked_model(attribute) is None else f"{attribute.path}__pk"
    value = ExactText(F(path)) if is_folded(attribute) else F(path)
    rows = profiles.filter(**{f"{path}__isnull": False}).order_by().values_list(value)
    return list(rows.annotate(Count(get_declaration().person_path, distinct=True)))


def keys_among(attribute: Attribute, person_ids: Iterable[Any]) -> set[str]:
    """The keys of the values that these people have."""
    people = get_declaration().people().filter(**{f"{get_declaration().person_path}__in": list(person_ids)})
    found = counted(attribute, people)
    model = linked_model(attribute)
    if model is None:
        return {value.key for value in _plain(attribute, found)}
    objects = model._default_manager.filter(pk__in=[pk for pk, _number in found])
    return {str(key) for key in objects.values_list(attribute.key, flat=True)}


def rule_for(attribute: Attribute, value: Value, with_below: bool) -> dict[str, Any]:
    """The rule of the segment of a value."""
    match attribute:
        case Tree() if with_below:
            condition = {"operator": "is_under", "value": [value.asked]}
        case Many():
            condition = {"operator": "has_any", "value": [value.asked]}
        case YesNo() | Number():
            condition = {"operator": "is", "value": value.asked}
        case _:
            condition = {"operator": "is_one_of", "value": [value.asked]}
    return {"all": [{"attribute": attribute.name, **condition}]}


def _linked(attribute: Attribute, model: Any, with_below: bool) -> list[Value]:
    sizes = Counter(dict(counted(attribute, get_declaration().people())))
    if with_below:
        sizes = _summed_up(sizes, model)
    objects = model._default_manager.all()
    named = ((str(getattr(one, attribute.key)), one) for one in objects)
    return [Value(key, key, str(one) or key, sizes[one.pk]) for key, one in named if _is_usable(key)]


def _summed_up(sizes: Mapping[Any, int], model: Any) -> Counter:
    """Everybody below a node counts for it too."""
    by_node = {node_key(pk): number for pk, number in sizes.items()}
    summed: Counter = Counter()
    for ancestor, descendant in TreePath.objects.filter(tree=tree_name(model)).values_list("ancestor", "descendant"):
        summed[ancestor] += by_node.get(descendant, 0)
    return Counter({pk: summed[node_key(pk)] for pk in model._default_manager.values_list("pk", flat=True)})


def _plain(attribute: Attribute, found: list[tuple[Any, int]]) -> list[Value]:
    """Texts that are written differently, but fold to the same, are one value called by its most frequent form."""
    if isinstance(attribute, YesNo):
        sizes = {bool(answer): number for answer, number in found}
        return [Value("yes", True, _("Yes"), sizes.get(True, 0)), Value("no", False, _("No"), sizes.get(False, 0))]
    labels = dict(declared_choices(attribute)) if isinstance(attribute, Choice) else {}
    values: dict[str, Value] = {}
    for raw, number in sorted(found, key=lambda pair: (-pair[1], str(pair[0]))):
        asked = _as_number(raw) if isinstance(attribute, Number) else str(raw)
        key = str(asked) if isinstance(attribute, Number) else fold(str(raw))
        if not key or not _is_usable(key) or (isinstance(attribute, Number) and not is_number(asked)):
            continue
        first = values.get(key)
        label = labels.get(str(raw), str(raw).strip())
        values[key] = Value(key, asked, label, number) if first is None else _together(first, number)
    return list(values.values())


def _together(first: Value, number: int) -> Value:
    return Value(first.key, first.asked, first.label, first.size + number)


def _as_number(raw: Any) -> Any:
    return int(raw) if raw == int(raw) else float(raw)


def _is_usable(key: str) -> bool:
    return is_key(key) and len(key) <= LONGEST_VALUE


def _told_apart(values: list[Value]) -> list[Value]:
    """Of several values with the same label each gets its key behind it."""
    often = Counter(fold(value.label) for value in values)
    return [
        Value(one.key, one.asked, f"{one.label} ({one.key})", one.size) if often[fold(one.label)] > 1 else one
        for one in values
    ]
