"""From rules to atoms and what is to be done with them.

A rule becomes a tree of ``Every``, ``Some`` and ``Not`` over the numbers of atoms and the short names of segments.
Nothing is validated here: only segments come here that were checked and mean something. Their ``Q`` is not made.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import Q

from ..effective import Definitions
from ..models import ManualMember
from ..rules import conditions
from ..rules.conditions.in_group import InGroup
from ..rules.conditions.in_segment import InSegment
from ..rules.conditions.reports_to import ReportsTo
from ..rules.dependencies import Named, in_order
from ..rules.kinds import Asked, compile_asked
from ..rules.operators import operators_for
from ..rules.structure import group_of
from ..rules.targets import target
from . import others, questions
from .topics import Atom, Topic
from .trees import Trees


class Every(NamedTuple):
    parts: tuple[Any, ...]


class Some(NamedTuple):
    parts: tuple[Any, ...]


class Not(NamedTuple):
    part: Any


#: The number of an atom, the short name of a segment, or something made of them.
Node = Atom | str | Every | Some | Not
Condition = Mapping[str, Any]


class Program:
    """What has to be read of people, and how it is put together, to know who is in which of these segments.

    Holds for the day and the names of ``definitions``, which must have checked the segments (and those they name).
    """

    def __init__(self, definitions: Definitions, segments: Mapping[str, Named]) -> None:
        self.declaration = definitions.compiler.declaration
        #: Where values are read from → the topic.
        self.topics: dict[str, Topic] = {}
        #: Atoms that have to be asked by ``Q``.
        self.unknown: dict[Atom, Q] = {}
        self._compiler, self._has_list = definitions.compiler, definitions.has_list
        self._atoms: dict[tuple[str, str], Atom] = {}
        self._trees = Trees()
        #: Short name, primary key and node of each segment, after those that it names.
        self.segments = [
            (slug, segments[slug].pk, self._effective(segments[slug].pk, segments[slug].rule))
            for slug in in_order(segments)
        ]

    def _effective(self, pk: int, rule: Any) -> Node:
        """As in ``effective``; that everybody is active and a user is a matter of the crowd."""
        node = self._group(rule)
        if self._has_list(pk, ManualMember.Always.INCLUDE):
            node = Some((node, self._listed(pk, ManualMember.Always.INCLUDE)))
        if self._has_list(pk, ManualMember.Always.EXCLUDE):
            node = Every((node, Not(self._listed(pk, ManualMember.Always.EXCLUDE))))
        return node

    def _listed(self, pk: int, always: str) -> Atom:
        topic = self.topics.setdefault("lists", others.lists())
        atom = self._atoms[f"list:{always}", str(pk)] = len(self._atoms)
        topic.among([(pk, always)], atom)
        return atom

    def _group(self, group: Any) -> Node:
        kind = group_of(group)
        parts = tuple(self._group(part) if group_of(part) else self._condition(part) for part in group[kind])
        return Every(parts) if kind == "all" else Some(parts) if kind == "any" else Not(Some(parts))

    def _condition(self, condition: Condition) -> Node:
        if "attribute" not in condition:
            return self._special(condition)
        operator = operators_for(self.declaration.get(condition["attribute"]))[condition["operator"]]
        if operator.positive == "has_all":
            each = ({**condition, "value": [value]} for value in condition["value"])
            node: Node = Every(tuple(self._on_attribute("has_any", one) for one in each))
        else:
            node = self._on_attribute(operator.positive, condition)
        return Not(node) if operator.negates else node

    def _on_attribute(self, operator: str, condition: Condition) -> Atom:
        """The atom of a positive condition on an attribute."""
        atom, is_new = self._atom(operator, condition)
        if is_new:
            attribute = self.declaration.get(condition["attribute"])
            at = target(self.declaration, attribute)
            asked = Asked(at, operator, condition, self._compiler.names, self._compiler.today)
            topic = self._topic_of(asked)
            if topic is None or not questions.ask(asked, topic, atom, self._trees):
                self.unknown[atom] = compile_asked(attribute.kind, asked)
        return atom

    def _topic_of(self, asked: Asked) -> Topic | None:
        attribute = asked.target.attribute
        known = self.topics.get(f"@{attribute.name}")
        if known is None and (known := questions.topic_of(asked)):
            path = f"{attribute.path}__pk" if asked.target.field.is_relation else attribute.path
            if asked.target.many:
                known.rows = others.related(self.declaration, path)
            known.path = path
            self.topics[f"@{attribute.name}"] = known
        return known

    def _special(self, condition: Condition) -> Node:
        kind = conditions.get(condition["operator"])
        positive = conditions.get(kind.negates) if kind.negates else kind
        if type(positive) is InSegment:
            node: Node = condition["value"]
        elif type(positive) in (InGroup, ReportsTo):
            node = self._of_user(positive.operator, condition)
        else:
            return self._by_q(condition)
        return Not(node) if kind.negates else node

    def _of_user(self, operator: str, condition: Condition) -> Atom:
        atom, is_new = self._atom(operator, condition)
        names = self._compiler.names
        if is_new and operator == "in_group":
            topic = self.topics.setdefault("groups", others.groups(self.declaration))
            topic.among([names.group(condition["value"])], atom)
        elif is_new:
            topic = self.topics.setdefault("superiors", others.superiors())
            superior = names.person(condition["value"])
            directly = [(superior, True)]
            topic.among(directly if condition.get("depth") == "direct" else [*directly, (superior, False)], atom)
        return atom

    def _by_q(self, condition: Condition) -> Atom:
        atom, is_new = self._atom(condition["operator"], condition)
        if is_new:
            self.unknown[atom] = self._compiler.rule({"all": [dict(condition)]})
        return atom

    def _atom(self, operator: str, condition: Condition) -> tuple[Atom, bool]:
        """The number of this atom, and whether it has just been given."""
        rest = {key: value for key, value in condition.items() if key != "operator"}
        key = operator, json.dumps(rest, sort_keys=True)
        is_new = key not in self._atoms
        return self._atoms.setdefault(key, len(self._atoms)), is_new
