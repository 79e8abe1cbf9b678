"""For each batch: from the keys that its lines name to what is stored, making missing objects when asked to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from ..mapping.links import Key, Link, ambiguous, look_up, unknown
from .new_objects import further_values, make_object
from .tree_links import Node, add_node, look_up_paths, written_by_tree


class WouldBeMade:
    """Stands in a dry run for an object that a real run makes."""


WOULD_BE_MADE = WouldBeMade()


@dataclass
class LinkedObjects:
    """What the keys of one link stand for in one batch."""

    link: Link
    dry_run: bool
    #: Typed keys of objects that were made, or would be.
    made: set[Key] = field(default_factory=set)
    _pointers: dict[Key, Any] = field(default_factory=dict)
    _nodes: dict[Key, Node | None] = field(default_factory=dict)
    _problems: dict[Key, str] = field(default_factory=dict)

    def find(self, lines: Iterable[Mapping[str, str]]) -> None:
        """Look up, or make, all that these lines name."""
        wanted = {key: cells for cells in lines for key in self.link.keys(cells)}
        typed = {key: known for key in wanted if (known := self.link.typed(key))}
        if self.link.rule.path:
            nodes = look_up_paths(self.link, typed.values())
            found = {key: [node.pointer for node in at] for key, at in nodes.items()}
            self._nodes = {key: at[0] for key, at in nodes.items()}
        else:
            found = look_up(self.link, typed.values())
        for key, cells in wanted.items():
            self._settle(key, typed.get(key), found, cells)

    def _settle(self, key: Key, typed: Key | None, found: dict[Key, list[Any]], cells: Mapping[str, str]) -> None:
        several = any(len(found.get((typed or ())[:length], ())) > 1 for length in range(1, len(key) + 1))
        if several:
            self._problems[key] = ambiguous(self.link, key)
        elif typed in found:
            self._pointers[key] = found[typed][0]
        elif typed is None or not self.link.rule.create:
            self._problems[key] = unknown(self.link, key)
        else:
            self._make(key, typed, cells)
            if key in self._pointers:
                found[typed] = [self._pointers[key]]

    def pointer(self, key: Key) -> Any:
        """What to store for a key; a ``ValidationError`` says why there is nothing."""
        if key in self._problems:
            raise ValidationError(self._problems[key])
        return self._pointers[key]

    def _make(self, key: Key, typed: Key, cells: Mapping[str, str]) -> None:
        try:
            self._pointers[key] = self._make_path(typed, cells) if self.link.rule.path else self._make_one(typed, cells)
        except ValidationError as error:
            self._problems[key] = "; ".join(_sentences(error))

    def _make_one(self, typed: Key, cells: Mapping[str, str]) -> Any:
        made = make_object(self.link, typed, cells, dry_run=self.dry_run)
        self.made.add(typed)
        return WOULD_BE_MADE if self.dry_run else getattr(made, self.link.pointer)

    def _make_path(self, typed: Key, cells: Mapping[str, str]) -> Any:
        parent = None
        for length in range(1, len(typed) + 1):
            step = typed[:length]
            if step not in self._nodes:
                self._nodes[step] = self._make_node(step, parent, cells)
            parent = self._nodes[step]
        return parent.pointer if parent else WOULD_BE_MADE

    def _make_node(self, step: Key, parent: Node | None, cells: Mapping[str, str]) -> Node | None:
        node = self.link.model(**(further_values(self.link, cells, step) | {self.link.rule.by: step[-1]}))
        node.full_clean(exclude=written_by_tree(self.link))
        self.made.add(step)
        return None if self.dry_run else add_node(self.link, node, parent)


def _sentences(error: ValidationError) -> list[str]:
    if hasattr(error, "error_dict"):
        return [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
    return list(error.messages)
