"""Finding and adding nodes of a tree by the path of their names: trees with a parent key, and treebeard's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from wagtail_personalize.people.attributes import Tree

from ..mapping.links import Key, Link


@dataclass(frozen=True)
class Node:
    """A node that exists: what a link to it stores, and what its children know of it."""

    pointer: Any
    place: Any


def look_up_paths(link: Link, keys: Iterable[Key]) -> dict[Key, list[Node]]:
    """Every prefix of every typed key → the nodes there; one query per level."""
    wanted = {key[:length] for key in keys for length in range(1, len(key) + 1)}
    found: dict[Key, list[Node]] = {}
    for depth in range(1, max(map(len, wanted), default=0) + 1):
        level = [key for key in wanted if len(key) == depth and (depth == 1 or key[:-1] in found)]
        parents = {node.place: key[:-1] for key in level for node in found.get(key[:-1], [])}
        if level:
            for above, text, node in _level(link, {key[-1] for key in level}, depth, parents):
                if (key := (*parents.get(above, ()), text)) in wanted and len(key) == depth:
                    found.setdefault(key, []).append(node)
    return found


def _level(link: Link, texts: set[str], depth: int, parents: dict[Any, Key]) -> Iterable[tuple[Any, str, Node]]:
    """(place of the parent, text, node) of the nodes with these texts at this depth below these parents."""
    nodes = link.model._default_manager.filter(**{f"{link.rule.by}__in": texts})
    if is_treebeard(link.model):
        rows = nodes.filter(depth=depth).values_list(link.pointer, link.rule.by, "path")
        step = link.model.steplen
        return ((path[:-step], str(text), Node(pointer, path)) for pointer, text, path in rows)
    name = parent_name(link)
    parent = link.model._meta.get_field(name)
    below = {f"{name}__isnull": True} if depth == 1 else {f"{name}__in": list(parents)}
    rows = nodes.filter(**below).values_list(link.pointer, link.rule.by, parent.attname, parent.target_field.attname)
    return ((above, str(text), Node(pointer, place)) for pointer, text, above, place in rows)


def add_node(link: Link, node: Model, parent: Node | None) -> Node:
    """Save a new node below its parent, or at the top."""
    if not is_treebeard(link.model):
        field = link.model._meta.get_field(parent_name(link))
        setattr(node, field.attname, parent.place if parent else None)
        node.save()
        return Node(getattr(node, link.pointer), getattr(node, field.target_field.attname))
    if parent:
        link.model._default_manager.get(path=parent.place).add_child(instance=node)
    else:
        link.model.add_root(instance=node)
    return Node(getattr(node, link.pointer), node.path)


def is_treebeard(model: type[Model]) -> bool:
    """Does the model keep its tree in treebeard's materialised paths?"""
    return hasattr(model, "steplen")


def parent_name(link: Link) -> str:
    """The foreign key from a node to its parent."""
    return link.target.attribute.parent if isinstance(link.target.attribute, Tree) else "parent"


def written_by_tree(link: Link) -> list[str]:
    """Fields of a node that ``add_node`` fills, so nobody needs to."""
    return ["path", "depth", "numchild"] if is_treebeard(link.model) else [parent_name(link)]
