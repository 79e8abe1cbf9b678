"""What lies below the nodes that rules name, looked up for all rules together."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.closure import node_key, tree_name
from wagtail_personalize.people.models import TreePath


class Trees:
    """The descendants of the nodes that were asked for, by tree; read when the first answer is needed."""

    def __init__(self) -> None:
        self._wanted: dict[str, set[str]] = {}
        self._found: dict[str, dict[str, set[str]]] = {}

    def below(self, model: type[Model], keys: Iterable[Any]) -> Callable[[Any], bool]:
        """A question about a node's primary key: is it one of these nodes, or below one of them?"""
        tree, ancestors = tree_name(model), {node_key(key) for key in keys}
        self._wanted.setdefault(tree, set()).update(ancestors)
        return lambda key: any(node_key(key) in self._descendants(tree).get(node, ()) for node in ancestors)

    def _descendants(self, tree: str) -> dict[str, set[str]]:
        if tree not in self._found:
            found = self._found[tree] = {}
            for ancestors in batches(sorted(self._wanted[tree])):
                rows = TreePath.objects.filter(tree=tree, ancestor__in=ancestors).order_by()
                for ancestor, descendant in rows.values_list("ancestor", "descendant"):
                    found.setdefault(ancestor, set()).add(descendant)
        return self._found[tree]
