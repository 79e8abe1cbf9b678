"""How people read the values of rules: names of objects, dates, amounts; what no longer exists is said so.

Labels are looked up once per kind of name for all rules together, and nothing in here ever fails.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.models import ReportingLine
from wagtail_personalize.people.values import declared_choices

from .broken import BrokenRule
from .names import Names, texts_of
from .operators import Operator, Shape
from .schema import shorten
from .shapes import MOST_VALUES, is_key
from .structure import conditions_in
from .targets import target
from .wording import amount, enumerated, listed, missing, plain, quoted, span, unknown

if TYPE_CHECKING:
    from .conditions import ConditionType


class Labels:
    """The labels of everything that some rules name."""

    def __init__(self, declaration: ProfileDeclaration, rules: Iterable[Any]) -> None:
        self.declaration = declaration
        self._rules = list(rules)
        self._known: dict[str, Mapping[str, str]] = {}

    def value(self, attribute: Attribute, operator: Operator, condition: Mapping[str, Any]) -> str:
        """The value of a condition on an attribute."""
        value = condition.get("value")
        match operator.shape:
            case Shape.TEXT | Shape.TEXTS:
                return self.texts(value)
            case Shape.CHOICE | Shape.CHOICES:
                choices = self._labels(attribute.name, lambda _names: _choices(self.declaration, attribute))
                return enumerated([choices.get(str(text)) or shorten(text) for text in _texts(value)])
            case Shape.KEY | Shape.KEYS:
                return enumerated(self._keys(attribute, value), operator.together)
            case Shape.AMOUNT:
                return amount(value, condition.get("unit"))
            case Shape.BOOLEAN:
                return _("yes") if value is True else _("no") if value is False else missing()
        return span([plain(each, getattr(attribute, "unit", "")) for each in listed(value)])

    def told(self, kind: "ConditionType", condition: Mapping[str, Any]) -> str:
        """The value of a condition that is not on an attribute."""
        value = condition.get("value")
        match kind.shape:
            case Shape.CHOICE | Shape.CHOICES | Shape.KEY | Shape.KEYS:
                known = self._labels(kind.topic, lambda names: kind.labels_of(names) or {})
                return enumerated([known.get(str(each)) or unknown(each) for each in _texts(value)])
            case Shape.AMOUNT:
                return amount(value, condition.get("unit"))
            case Shape.BOOLEAN:
                return _("yes") if value is True else _("no") if value is False else missing()
            case Shape.SEGMENT | Shape.GROUP | Shape.PERSON:
                return getattr(self, kind.shape)(value)
            case Shape.NUMBER | Shape.NUMBER_RANGE | Shape.DATE | Shape.DATE_RANGE:
                return span([plain(each) for each in listed(value)])
        return self.texts(value)

    def texts(self, value: Any) -> str:
        """Free texts, quoted."""
        return enumerated([quoted(text) for text in _texts(value)])

    def segment(self, slug: Any) -> str:
        return self._one("in_segment", slug, _segment_names)

    def group(self, name: Any) -> str:
        return self._one("in_group", name, lambda names: _group_names(self.declaration, names))

    def person(self, name: Any) -> str:
        return self._one("reports_to", name, lambda names: names_of_managers(self.declaration, names))

    def _keys(self, attribute: Attribute, value: Any) -> list[str]:
        labels = self._labels(attribute.name, lambda names: _object_labels(self.declaration, attribute, names))
        return [labels.get(str(key)) or unknown(key) for key in _texts(value)]

    def _one(self, topic: str, name: Any, find: Callable[[list[str]], Mapping[str, str]]) -> str:
        if not texts_of(name):
            return missing()
        labels = self._labels(topic, find)
        return quoted(labels[str(name)]) if str(name) in labels else unknown(name)

    def _labels(self, topic: str, find: Callable[[list[str]], Mapping[str, str]]) -> Mapping[str, str]:
        if topic not in self._known:
            self._known[topic] = find(sorted(set(self._names(topic))))
        return self._known[topic]

    def _names(self, topic: str) -> Iterable[str]:
        for condition in chain.from_iterable(map(conditions_in, self._rules)):
            name = condition.get("attribute") or condition.get("operator")
            if isinstance(name, str) and topic in (name, name.removeprefix("not_")):
                yield from texts_of(condition.get("value"))


def _texts(value: Any) -> list[Any]:
    """The texts and keys in a value; anything else leaves the sentence without it."""
    return [each for each in listed(value)[:MOST_VALUES] if is_key(each)]


def _choices(declaration: ProfileDeclaration, attribute: Attribute) -> Mapping[str, str]:
    try:
        target(declaration, attribute)
    except BrokenRule:
        return {}
    return dict(declared_choices(attribute))


def _object_labels(declaration: ProfileDeclaration, attribute: Attribute, names: list[str]) -> Mapping[str, str]:
    try:
        field = target(declaration, attribute).field
    except BrokenRule:
        return {}
    if not field.is_relation:
        return {name: quoted(name) for name in names}
    keys = Names(declaration).found_keys(target(declaration, attribute), names)
    objects = _by_pk(field.related_model, keys.values())
    return {name: shorten(str(objects[pk])) for name, pk in keys.items() if pk in objects}


def _by_pk(model: type[Model], keys: Iterable[Any]) -> Mapping[Any, Model]:
    return model._base_manager.in_bulk(list(keys))


def _segment_names(slugs: list[str]) -> Mapping[str, str]:
    from ..models import Segment

    named = dict(Segment.objects.filter(slug__in=slugs).order_by().values_list("slug", "name"))
    return {slug: name for slug, name in named.items() if slug in slugs}


def _group_names(declaration: ProfileDeclaration, names: list[str]) -> Mapping[str, str]:
    return {name: name for name in Names(declaration).found_groups(names)}


def names_of_managers(declaration: ProfileDeclaration, names: Iterable[str]) -> Mapping[str, str]:
    """What people are called who have these names in rules; somebody to whom nobody reports goes without a name.

    Otherwise whoever may write a rule could read the name of every colleague.
    """
    found = Names(declaration).found_people(names)
    managers = ReportingLine.objects.filter(depth=1, manager__in=found.values()).values("manager")
    users = get_user_model()._base_manager.filter(pk__in=managers).in_bulk()
    return {name: get_user_display_name(users[pk]) if pk in users else name for name, pk in found.items()}
