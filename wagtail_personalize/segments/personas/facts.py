"""What is known of invented people: for each declared attribute a list of values in the form of rules, empty if none.

Values that follow from others are not asked for: the country of a person is that of her location. An attribute follows
from another one when its path goes on where the path of that link ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from wagtail_personalize.people.attributes import Attribute, Link, Tree
from wagtail_personalize.people.closure import node_key, tree_name
from wagtail_personalize.people.declaration import ProfileDeclaration
from wagtail_personalize.people.models import TreePath
from wagtail_personalize.people.paths import end, hops
from wagtail_personalize.people.values import reach, value_to_rule

from ..rules.names import as_field_value

Values = Mapping[str, Any]


def asked_attributes(declaration: ProfileDeclaration) -> list[Attribute]:
    """The attributes that an invented person may be given."""
    return [attribute for attribute in declaration.attributes if source_of(declaration, attribute) is None]


def source_of(declaration: ProfileDeclaration, attribute: Attribute) -> Attribute | None:
    """The link from which the value of ``attribute`` follows; the nearest, if there are several."""
    links = [each for each in declaration.attributes if isinstance(each, Link | Tree)]
    above = [each for each in links if attribute.path.startswith(f"{each.path}__")]
    return max(above, key=lambda each: len(each.path), default=None)


def as_list(value: Any) -> list[Any]:
    """The values of an attribute, whether one, several or none were given."""
    return list(value) if isinstance(value, list) else [] if value in (None, "") else [value]


def linked_objects(declaration: ProfileDeclaration, attribute: Attribute, keys: Iterable[Any]) -> QuerySet:
    """The objects that a link, tree or many-valued attribute names by these natural keys."""
    model = end(declaration.profile_model, attribute.path).related_model
    texts = {str(key) for key in keys}
    wanted = [value for text in texts if (value := as_field_value(model, attribute.key, text)) is not None]
    return model._base_manager.filter(**{f"{attribute.key}__in": wanted})


class Facts:
    """All values of some invented people. Asks the database once for each link or tree that matters, and only then."""

    def __init__(self, declaration: ProfileDeclaration, people: Sequence[Values]) -> None:
        self.declaration = declaration
        self.people = [values if isinstance(values, Mapping) else {} for values in people]
        self._linked: dict[str, Mapping[str, Model]] = {}
        self._above: dict[str, Mapping[str, set[str]]] = {}

    def of(self, person: int, attribute: Attribute) -> list[Any]:
        """The values of one attribute of the person at this position."""
        source = source_of(self.declaration, attribute)
        if source is None:
            return as_list(self.people[person].get(attribute.name))
        objects = self._objects(source)
        found = [objects[str(key)] for key in self.of(person, source) if str(key) in objects]
        rest = attribute.path.removeprefix(f"{source.path}__")
        reached = [value for each in found for value in reach(each, hops(type(each), rest))]
        return [value_to_rule(value, attribute) if isinstance(value, Model) else _plain(value) for value in reached]

    def keys_above(self, person: int, attribute: Tree) -> set[str]:
        """The natural keys of the nodes that this person stands at or below."""
        found = self._trees(attribute)
        return {above for key in self.of(person, attribute) for above in found.get(str(key), {str(key)})}

    def _objects(self, link: Attribute) -> Mapping[str, Model]:
        """Natural key → object, of everything that anybody here is linked to by this attribute."""
        if link.name not in self._linked:
            keys = [str(key) for person in range(len(self.people)) for key in self.of(person, link)]
            objects = linked_objects(self.declaration, link, keys)
            self._linked[link.name] = {str(getattr(each, link.key)): each for each in objects}
        return self._linked[link.name]

    def _trees(self, tree: Tree) -> Mapping[str, set[str]]:
        if tree.name not in self._above:
            self._above[tree.name] = _Line(tree, self._objects(tree)).above
        return self._above[tree.name]


class _Line:
    """The nodes above some nodes of a tree, by natural key."""

    def __init__(self, tree: Tree, nodes: Mapping[str, Model]) -> None:
        self.tree, self.nodes = tree, nodes

    @cached_property
    def above(self) -> Mapping[str, set[str]]:
        if not self.nodes:
            return {}
        model = type(next(iter(self.nodes.values())))
        keys = {node_key(node.pk): key for key, node in self.nodes.items()}
        paths = TreePath.objects.filter(tree=tree_name(model), descendant__in=keys)
        pairs = list(paths.values_list("descendant", "ancestor"))
        names = _names_of(model, self.tree.key, {ancestor for _node, ancestor in pairs})
        found: dict[str, set[str]] = {key: {key} for key in self.nodes}
        for node, ancestor in pairs:
            if ancestor in names:
                found[keys[node]].add(names[ancestor])
        return found


def _names_of(model: type[Model], key: str, node_keys: Iterable[str]) -> Mapping[str, str]:
    pks = [pk for text in node_keys if (pk := as_field_value(model, "pk", text)) is not None]
    rows = model._base_manager.filter(pk__in=pks).values_list("pk", key)
    return {node_key(pk): str(name) for pk, name in rows}


def _plain(value: Any) -> Any:
    """A value of a column as rules write it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
