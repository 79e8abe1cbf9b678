"""Which saves and deletions can change an attribute: the declaration, read backwards.

Each model on a declared path is watched. A watch knows how to get from a profile to an object of that model
(``prefix``), and which of its fields make which attributes. ``ANYTHING`` stands for all attributes at once: the field
decides whether somebody counts at all.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignObjectRel, Model, Q

from .attributes import GROUPS, REPORTING_LINE, Attribute, Link, Many, Tree
from .declaration import ProfileDeclaration
from .paths import Hop, hops

ANYTHING = "*"


@dataclass
class Watch:
    """Objects of ``model``, found from a profile by ``prefix`` (empty: the profiles themselves)."""

    model: type[Model]
    prefix: str
    #: Which attributes change with a field, by the field's ``attname``.
    fields: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Every attribute that is lost with the object.
    attributes: set[str] = field(default_factory=set)
    #: Attributes whose rules may name these objects: they hear of one that comes or goes even if it is nobody's.
    named: set[str] = field(default_factory=set)
    #: Trees whose nodes these objects are.
    trees: list[Tree] = field(default_factory=list)
    #: A to-many relation leads here by a foreign key of the object, so saving can also move it to somebody else.
    owned: bool = False


@dataclass
class ManyWatch:
    """A many-to-many relation on a declared path."""

    hop: Hop
    attributes: set[str] = field(default_factory=set)

    @property
    def through(self) -> type[Model]:
        return (self.hop.field.field if self._backwards else self.hop.field).remote_field.through

    @property
    def _backwards(self) -> bool:
        return isinstance(self.hop.field, ForeignObjectRel)

    def instance_is_near(self, reverse: bool) -> bool:
        """Is the ``instance`` of an ``m2m_changed`` signal on the profile's side of the relation?"""
        return reverse == self._backwards

    @property
    def near_attname(self) -> str:
        """The field of the through model that names the object on the profile's side."""
        relation = self.hop.field.field if self._backwards else self.hop.field
        name = relation.m2m_reverse_field_name() if self._backwards else relation.m2m_field_name()
        return self.through._meta.get_field(name).attname


class Watches:
    """All that a declaration depends on."""

    def __init__(self, declaration: ProfileDeclaration) -> None:
        self.declaration = declaration
        self.objects: dict[tuple[type[Model], str], Watch] = {}
        self.many: dict[tuple[str, str], ManyWatch] = {}
        for attribute in [*declaration.attributes, *declaration.name_attributes, *self._groups()]:
            self._add_attribute(attribute)
        self._add_reporting_line()
        for lookup in lookups(declaration.active):
            self._add_path(_without_operator(declaration.profile_model, lookup), ANYTHING)
        self._add_path(declaration.user, ANYTHING)

    def of(self, model: type[Model]) -> list[Watch]:
        """The watches on objects of this model, also when it is a proxy or a child of a watched one."""
        return [watch for watch in self.objects.values() if issubclass(model, watch.model)]

    def _watch(self, model: type[Model], prefix: str) -> Watch:
        model = model._meta.concrete_model
        return self.objects.setdefault((model, prefix), Watch(model, prefix))

    def _add_attribute(self, attribute: Attribute) -> None:
        self._add_path(attribute.path, attribute.name)
        last = hops(self.declaration.profile_model, attribute.path)[-1]
        if isinstance(attribute, Link | Many | Tree) and last.field.is_relation:
            target = self._watch(last.field.related_model, attribute.path)
            target.attributes.add(attribute.name)
            target.named.add(attribute.name)
            if attribute.key != "pk":
                target.fields[target.model._meta.get_field(attribute.key).attname].add(attribute.name)
            if isinstance(attribute, Tree):
                self._add_tree(target, attribute)

    def _add_tree(self, watch: Watch, attribute: Tree) -> None:
        watch.trees.append(attribute)
        parent = "path" if hasattr(watch.model, "steplen") else attribute.parent
        watch.fields[watch.model._meta.get_field(parent).attname].add(attribute.name)

    def _add_path(self, path: str, attribute: str) -> None:
        for hop in hops(self.declaration.profile_model, path):
            self._watch(hop.model, hop.prefix).attributes.add(attribute)
            self._add_hop(hop, attribute)

    def _add_hop(self, hop: Hop, attribute: str) -> None:
        if hop.field.many_to_many:
            self.many.setdefault((hop.prefix, hop.field.name), ManyWatch(hop)).attributes.add(attribute)
        elif isinstance(hop.field, ForeignObjectRel):
            owner = self._watch(hop.field.related_model, "__".join(filter(None, [hop.prefix, hop.field.name])))
            owner.fields[hop.field.field.attname].add(attribute)
            owner.attributes.add(attribute)
            owner.owned = True
        elif hasattr(hop.field, "attname"):
            self._watch(hop.model, hop.prefix).fields[hop.field.attname].add(attribute)

    def _add_reporting_line(self) -> None:
        """Rules name a manager by staff number or login name, so these belong to the reporting line too."""
        declaration = self.declaration
        user_model = declaration.user_model
        for path in (declaration.manager, declaration.staff_number):
            if path:
                self._add_path(path, REPORTING_LINE)
        login = user_model._meta.get_field(user_model.USERNAME_FIELD).attname
        users = self._watch(user_model, declaration.user)
        users.fields[login].add(REPORTING_LINE)
        users.named.add(REPORTING_LINE)

    def _groups(self) -> Iterator[Attribute]:
        declaration = self.declaration
        try:
            declaration.user_model._meta.get_field("groups")
        except FieldDoesNotExist:
            return
        yield Many(GROUPS, "", path=f"{declaration.user}__groups", key="name")


def lookups(condition: Q) -> Iterator[str]:
    """The lookup paths that a ``Q`` asks, nested ones included."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from lookups(child)
        elif isinstance(child, tuple):
            yield child[0]


def _without_operator(model: type[Model], lookup: str) -> str:
    """The field path of a lookup such as ``status__in``."""
    try:
        hops(model, lookup)
    except FieldDoesNotExist:
        return _without_operator(model, lookup.rpartition("__")[0])
    return lookup
