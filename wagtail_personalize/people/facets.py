"""Filters of the people directory, made from declared attributes.

A facet offers the values that colleagues really have, and narrows profiles to one of them. A tree facet includes
everything below the chosen node.
"""

from collections.abc import Iterator

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from .attributes import Attribute, Tree, YesNo
from .closure import node_key, node_key_of, tree_name
from .declaration import get_declaration
from .exact import ExactText
from .folded_values import is_folded
from .folding import fold, text_hash
from .models import FoldedValue, TreePath
from .paths import end
from .values import declared_choices, value_to_rule

Option = tuple[str, str]
_DEEPER = "– "


class Facet:
    """One attribute to filter by. Subclasses say which values there are and who has one."""

    def __init__(self, attribute: Attribute) -> None:
        self.attribute = attribute
        self.path = attribute.path

    def options(self) -> list[Option]:
        """The values to choose from, as (value, label)."""
        raise NotImplementedError

    def having(self, value: str) -> Q:
        """Profiles that have this value."""
        raise NotImplementedError

    def label(self, value: str) -> str:
        """How people know this value; empty when there is none such."""
        return dict(self.options()).get(value, "")

    def narrow(self, profiles: QuerySet, value: str) -> QuerySet:
        """Those of ``profiles`` that have this value, each once."""
        matching = get_declaration().profile_model._base_manager.filter(self.having(value))
        return profiles.filter(pk__in=matching.values("pk"))


class YesNoFacet(Facet):
    def options(self) -> list[Option]:
        return [("true", _("Yes")), ("false", _("No"))]

    def having(self, value: str) -> Q:
        return Q(**{self.path: value == "true"})


class TextFacet(Facet):
    """Texts that fold to the same are one option."""

    def options(self) -> list[Option]:
        texts = get_declaration().people().order_by().values_list(ExactText(F(self.path)), flat=True).distinct()
        labels = dict(declared_choices(self.attribute))
        found = {fold(text): labels.get(text, text) for text in sorted(filter(None, texts))}
        return sorted(((value, label) for value, label in found.items() if value), key=lambda option: fold(option[1]))

    def having(self, value: str) -> Q:
        known = FoldedValue.objects.filter(attribute=self.attribute.name, folded_hash=text_hash(fold(value)))
        return Q(In(ExactText(F(self.path)), known.values_list(ExactText(F("value"))).query))


class ObjectFacet(Facet):
    """Linked objects, one or many."""

    def options(self) -> list[Option]:
        used = get_declaration().people().order_by().values(self.path)
        objects = self._objects().filter(pk__in=used)
        return sorted(self._options(objects), key=lambda option: fold(option[1]))

    def having(self, value: str) -> Q:
        return Q(**{f"{self.path}__{self.attribute.key}": value})

    def label(self, value: str) -> str:
        found = self._objects().filter(**{self.attribute.key: value}).first()
        return str(found) if found else ""

    def _objects(self) -> QuerySet:
        return end(get_declaration().profile_model, self.path).related_model._default_manager.all()

    def _options(self, objects: QuerySet) -> Iterator[Option]:
        return ((value_to_rule(obj, self.attribute), str(obj)) for obj in objects)


class TreeFacet(ObjectFacet):
    """Nodes under which there is somebody, each below its parent and indented."""

    def options(self) -> list[Option]:
        used = get_declaration().people().order_by().exclude(**{self.path: None}).values_list(self.path, flat=True)
        above: dict[str, list[tuple[int, str]]] = {}
        for ancestor, descendant, depth in self._paths().values_list("ancestor", "descendant", "depth"):
            above.setdefault(descendant, []).append((depth, ancestor))
        shown = {node for pk in used.distinct() for _depth, node in above.get(node_key(pk), [])}
        objects = {node_key(obj.pk): obj for obj in self._objects() if node_key(obj.pk) in shown}
        lines = {node: [str(objects[n]) for _depth, n in sorted(above[node], reverse=True)] for node in objects}
        ordered = sorted(objects, key=lambda node: [fold(label) for label in lines[node]])
        return [
            (value_to_rule(objects[node], self.attribute), _DEEPER * (len(lines[node]) - 1) + lines[node][-1])
            for node in ordered
        ]

    def having(self, value: str) -> Q:
        roots = self._objects().filter(**{self.attribute.key: value}).values(_node=node_key_of(F("pk")))
        below = self._paths().filter(ancestor__in=roots).values_list("descendant")
        return Q(In(node_key_of(F(self.path)), below.query))

    def _paths(self) -> QuerySet:
        return TreePath.objects.filter(tree=tree_name(self._objects().model))


def facet(attribute: Attribute) -> Facet:
    """The facet of a declared attribute."""
    if isinstance(attribute, YesNo):
        return YesNoFacet(attribute)
    if isinstance(attribute, Tree):
        return TreeFacet(attribute)
    return TextFacet(attribute) if is_folded(attribute) else ObjectFacet(attribute)


def facets() -> list[Facet]:
    """The facets that the declaration asks for, in its order."""
    declaration = get_declaration()
    attributes = [declaration.get(name) for name in declaration.directory]
    return [facet(attribute) for attribute in attributes if attribute and attribute.visible]
