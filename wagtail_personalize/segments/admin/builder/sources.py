"""Where the values of a picker come from: what can be searched, and how a stored value is called.

A source is named by one string, so that a picker can pass it through a URL: ``attribute.department``, ``segment``,
``group``, ``manager``, ``person`` or ``condition.has_completed`` (what a condition type offers).
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from wagtail.admin.utils import get_user_display_name

from wagtail_personalize.people.active import active
from wagtail_personalize.people.attributes import Attribute, Choice, Link, Many, Text, Tree
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.folding import fold
from wagtail_personalize.people.models import ReportingLine
from wagtail_personalize.people.paths import end
from wagtail_personalize.people.values import choices_for, declared_choices

from ...models import Segment
from ...rules import conditions
from ...rules.conditions import ConditionType
from ...rules.labels import names_of_managers
from ...rules.names import texts_of
from ...rules.shapes import is_storable

Pairs = list[tuple[str, str]]


class Source:
    """What a picker offers: by itself nothing, so any text may be entered."""

    #: May the editor enter a value that is not in the list?
    free = True
    #: Then, is what was typed the first suggestion, or the last?
    typed_first = True
    #: Are these names of people that only the permission ``view_members`` may see?
    names_people = False

    def search(self, text: str, limit: int) -> Pairs:
        """Values whose label contains ``text``, as (value, label)."""
        return []

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        """The labels of those ``values`` that exist."""
        return {str(value): str(value) for value in values}


class AttributeSource(Source):
    """The real values of one declared attribute."""

    def __init__(self, attribute: Attribute):
        self.attribute = attribute
        self.linked = self._linked_model()
        self.typed_first = isinstance(attribute, Text)
        self.free = self.linked is None and not (isinstance(attribute, Choice) and declared_choices(attribute))

    def _linked_model(self) -> type[Model] | None:
        if not isinstance(self.attribute, Link | Many | Tree):
            return None
        return end(get_declaration().profile_model, self.attribute.path).related_model

    def search(self, text: str, limit: int) -> Pairs:
        found = choices_for(self.attribute, text, limit)
        if isinstance(self.attribute, Tree):
            named = self.labels(value for value, _label in found)
            return [(value, named.get(value, label)) for value, label in found]
        return found

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        if self.linked is None:
            texts = {str(value): str(value) for value in values}
            declared = dict(declared_choices(self.attribute)) if isinstance(self.attribute, Choice) else {}
            return {**texts, **{value: label for value, label in declared.items() if value in texts}}
        key = self.attribute.key
        wanted = _convertible(self.linked, key, values)
        objects = self.linked._default_manager.filter(**{f"{key}__in": wanted})
        return {str(getattr(item, key)): self._label(item) for item in self._with_parents(objects)}

    def _with_parents(self, objects: QuerySet) -> QuerySet:
        parent = getattr(self.attribute, "parent", "")
        names = {field.name for field in self.linked._meta.get_fields()}
        return objects.select_related(parent) if parent in names else objects

    def _label(self, item: Model) -> str:
        """A node is told apart from others of its name by the one above it."""
        above = getattr(item, getattr(self.attribute, "parent", "") or "-", None)
        return f"{item} ({above})" if above is not None else str(item)


class ConditionSource(Source):
    """What a condition type offers to choose from."""

    free = False

    def __init__(self, condition: ConditionType):
        self.condition = condition

    def search(self, text: str, limit: int) -> Pairs:
        choices = ((str(value), str(label)) for value, label in self.condition.choices() or ())
        return [pair for pair in choices if fold(text) in fold(pair[1])][:limit]

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        return dict(self.condition.labels_of(_storable(values)) or {})


class SegmentSource(Source):
    """Other live segments, named by their slug; whoever writes rules may use them all."""

    free = False

    def search(self, text: str, limit: int) -> Pairs:
        segments = Segment.objects.filter(live=True).order_by("name").values_list("slug", "name")
        return [(slug, name) for slug, name in segments if fold(text) in fold(name)][:limit]

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        return dict(Segment.objects.filter(slug__in=_storable(values)).values_list("slug", "name"))


class GroupSource(Source):
    """Django's user groups, named by their name."""

    free = False

    def search(self, text: str, limit: int) -> Pairs:
        names = Group.objects.order_by("name").values_list("name", flat=True)
        return [(name, name) for name in names if fold(text) in fold(name)][:limit]

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        found = Group.objects.filter(name__in=_storable(values)).values_list("name", flat=True)
        return {name: name for name in found}


class PersonSource(Source):
    """People by name, named by the key of their user."""

    free = False
    names_people = True

    def people(self) -> QuerySet:
        return get_user_model()._default_manager.all()

    def matching(self, text: str) -> QuerySet:
        """The people whose names contain every word of ``text``."""
        found = self.people()
        for word in text.split():
            found = found.filter(_name_contains(word))
        return found.order_by("pk")

    def search(self, text: str, limit: int) -> Pairs:
        """Only people who are still here; those chosen before keep their labels."""
        return [(str(user.pk), get_user_display_name(user)) for user in active(self.matching(text))[:limit]]

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        found = self.people().filter(pk__in=_convertible(get_user_model(), "pk", values))
        return {str(user.pk): get_user_display_name(user) for user in found}


class ManagerSource(PersonSource):
    """People to whom somebody reports, named as rules name people: by staff number, else login name."""

    names_people = False

    def people(self) -> QuerySet:
        managers = ReportingLine.objects.filter(depth=1).values("manager")
        return super().people().filter(pk__in=managers)

    def search(self, text: str, limit: int) -> Pairs:
        found = list(self.matching(text)[:limit])
        numbers = self._staff_numbers([user.pk for user in found])
        return [(numbers.get(user.pk) or str(user.get_username()), get_user_display_name(user)) for user in found]

    def labels(self, values: Iterable[Any]) -> dict[str, str]:
        if (declaration := get_declaration()) is None:
            return {}
        return dict(names_of_managers(declaration, texts_of(list(values))))

    def _staff_numbers(self, keys: list[Any]) -> dict[Any, str]:
        declaration = get_declaration()
        if declaration is None or not declaration.staff_number:
            return {}
        profiles = declaration.profiles().filter(**{f"{declaration.person_path}__in": keys})
        pairs = profiles.values_list(declaration.person_path, declaration.staff_number)
        return {key: str(number) for key, number in pairs if number not in (None, "")}


_SOURCES: dict[str, type[Source]] = {
    "text": Source,
    "segment": SegmentSource,
    "group": GroupSource,
    "manager": ManagerSource,
    "person": PersonSource,
}


def source_named(name: str) -> Source:
    """The source that ``name`` stands for; raises ``LookupError`` when there is none."""
    kind, _dot, attribute_name = name.partition(".")
    if kind == "attribute":
        declaration = get_declaration()
        attribute = declaration.get(attribute_name) if declaration else None
        if attribute is None:
            raise LookupError(name)
        return AttributeSource(attribute)
    if kind == "condition":
        condition = conditions.get(attribute_name)
        if condition is None or not condition.has_choices:
            raise LookupError(name)
        return ConditionSource(condition)
    return {
        "text": Source,
        "segment": SegmentSource,
        "group": GroupSource,
        "manager": ManagerSource,
        "person": PersonSource,
    }[kind]()


def _name_contains(word: str) -> Q:
    names = {field.name for field in get_user_model()._meta.get_fields()}
    searched = {"first_name", "last_name", "email", get_user_model().USERNAME_FIELD} & names
    return Q(*((f"{name}__icontains", word) for name in sorted(searched)), _connector=Q.OR)


def _storable(values: Iterable[Any]) -> list[str]:
    return [text for text in map(str, values) if is_storable(text)]


def _convertible(model: type[Model], key: str, values: Iterable[Any]) -> list[Any]:
    """Those ``values`` that the field ``key`` can hold at all."""
    field = model._meta.pk if key == "pk" else model._meta.get_field(key)
    return [converted for value in values if (converted := _converted(field, value)) is not None]


def _converted(field: Field, value: Any) -> Any:
    try:
        converted = field.to_python(value)
        field.run_validators(converted)
    except (ValidationError, OverflowError, TypeError, ValueError):
        return None
    return converted if is_storable(str(converted)) else None
