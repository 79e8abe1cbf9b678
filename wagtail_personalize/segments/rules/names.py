"""What rules name: linked objects, groups and people, found once for all rules of one run.

Names are natural keys and compared exactly in Python, so the same name means the same object on every database. A
name that nobody has breaks the rule.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.utils.translation import gettext as _

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import ProfileDeclaration

from .broken import BrokenRule
from .schema import shorten
from .searching import search
from .shapes import MOST_VALUES, is_key
from .structure import conditions_in
from .targets import Target

_LARGEST_KEY = 2**63 - 1


class Names:
    """Look-ups of names, each kind of name asked for in one query for all rules that were announced."""

    def __init__(self, declaration: ProfileDeclaration, rules: Iterable[Any] = ()) -> None:
        self.declaration = declaration
        self._announced: dict[str, set[str]] = {}
        self._found: dict[str, dict[str, Any]] = {}
        for rule in rules:
            self.announce(rule)

    def announce(self, rule: Any) -> None:
        """These names will be asked for, so look them up together."""
        for condition in conditions_in(rule):
            topic = condition.get("attribute") or condition.get("operator")
            if isinstance(topic, str):
                self._announced.setdefault(topic.removeprefix("not_"), set()).update(texts_of(condition.get("value")))

    def keys(self, target: Target, keys: Iterable[Any]) -> list[Any]:
        """The primary keys of the linked objects with these natural keys."""
        return _required(keys, self.found_keys(target, keys))

    def found_keys(self, target: Target, keys: Iterable[Any]) -> Mapping[str, Any]:
        """Natural key → primary key of those linked objects that exist."""
        objects, key = target.field.related_model._base_manager.all(), target.attribute.key
        return self._found_by(target.attribute.name, keys, lambda wanted: _by_field(objects, key, wanted))

    def group(self, name: str) -> Any:
        """The primary key of a Django group."""
        return _required([name], self.found_groups([name]))[0]

    def found_groups(self, names: Iterable[str]) -> Mapping[str, Any]:
        """Name → primary key of those Django groups that exist."""
        return self._found_by("in_group", names, lambda wanted: _by_field(Group.objects.all(), "name", wanted))

    def person(self, name: Any) -> Any:
        """The primary key of the user with this staff number, else login name, else primary key."""
        return _required([name], self.found_people([name]))[0]

    def found_people(self, names: Iterable[Any]) -> Mapping[str, Any]:
        """Name → primary key of those people who exist."""
        return self._found_by("reports_to", names, self._people)

    def _people(self, wanted: set[str]) -> Mapping[str, Any]:
        """Whoever is not found by one kind of name is looked for by the next."""
        users, found = get_user_model()._base_manager.all(), {}
        if number := self.declaration.staff_number:
            found.update(_by_field(self.declaration.profiles(), number, wanted, self.declaration.person_path))
        for name in (get_user_model().USERNAME_FIELD, "pk"):
            found.update(_by_field(users, name, wanted - found.keys()))
        return found

    def _found_by(
        self, topic: str, names: Iterable[Any], find: Callable[[set[str]], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        wanted = {str(name) for name in names}
        known = self._found.setdefault(topic, {})
        if not wanted <= known.keys():
            news = (wanted | self._announced.pop(topic, set())) - known.keys()
            known.update({**dict.fromkeys(news), **find(news)})
        return {name: known[name] for name in wanted if known[name] is not None}


def _required(names: Iterable[Any], found: Mapping[str, Any]) -> list[Any]:
    """The primary keys of all these names, or a broken rule."""
    if unknown := [name for name in names if str(name) not in found]:
        raise BrokenRule(
            _("The rule names something that does not exist: %(names)s. Choose something else or remove it.")
            % {"names": ", ".join(f"“{shorten(name)}”" for name in unknown[:5])}
        )
    return [found[str(name)] for name in names]


def texts_of(value: Any) -> list[str]:
    """The names in the value of a condition, whatever it is."""
    values = value[:MOST_VALUES] if isinstance(value, list) else [value]
    return [str(each) for each in values if is_key(each)]


def _by_field(objects: QuerySet, field: str, names: set[str], result: str = "pk") -> Mapping[str, Any]:
    """name → primary key for those ``names`` that the ``field`` of an object has, exactly."""
    values = {value for name in names if (value := as_field_value(objects.model, field, name)) is not None}
    found: dict[str, Any] = {}
    for some in batches(values):
        found.update((str(name), pk) for name, pk in search(objects, field, some, result))
    return {name: pk for name, pk in found.items() if name in names}


def as_field_value(model: type[Model], name: str, text: str) -> Any:
    """``text`` as the field holds it, or ``None`` when the field cannot hold it."""
    field: Field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    while field.is_relation:
        field = field.target_field
    try:
        value = field.to_python(text)
    except (ValidationError, ValueError, OverflowError):
        return None
    return None if isinstance(value, int) and abs(value) > _LARGEST_KEY else value
