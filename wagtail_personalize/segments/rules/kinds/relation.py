"""Links, trees and many-valued relations: objects named by a natural key, *under* by the closure table.

Keys become primary keys when the rule is compiled; a key that no object has breaks the rule. What lies below a node
is never listed: it stays a subquery over ``TreePath``.
"""

from functools import reduce
from operator import and_
from typing import Any

from django.db.models import BigIntegerField, Expression, F, Field, IntegerField, Q, UUIDField
from django.db.models.functions import Cast
from django.db.models.lookups import In

from wagtail_personalize.people.closure import node_key, tree_name
from wagtail_personalize.people.exact import ExactText

from . import Asked
from .subqueries import NodesBelow
from .text import text_q, texts_q


def relation_q(asked: Asked) -> Q:
    """Links and trees."""
    match asked.operator:
        case "is_set":
            return asked.target.some(Q())
        case "is_under":
            return asked.target.some(_is_under(asked))
    return asked.target.some(_is_one_of(asked, asked.names.keys(asked.target, asked.values)))


def many_q(asked: Asked) -> Q:
    """Many-valued relations, and to-many paths that end on a text."""
    if not asked.target.field.is_relation:
        return _many_texts_q(asked)
    if asked.operator == "is_set":
        return asked.target.some(Q())
    keys = asked.names.keys(asked.target, asked.values)
    if asked.operator == "has_all":
        return reduce(and_, (asked.target.some(_is_one_of(asked, [key])) for key in dict.fromkeys(keys)))
    return asked.target.some(_is_one_of(asked, keys))


def _many_texts_q(asked: Asked) -> Q:
    if asked.operator == "is_set":
        return text_q(asked)
    if asked.operator == "has_all":
        return reduce(and_, (texts_q(asked, [value]) for value in asked.values))
    return texts_q(asked, asked.values)


def _is_one_of(asked: Asked, keys: list[Any]) -> Q:
    return Q(**{f"{asked.target.path}__pk__in": keys})


def _is_under(asked: Asked) -> Q:
    nodes = asked.target.field.related_model
    ancestors = [node_key(key) for key in asked.names.keys(asked.target, asked.values)]
    node, descendant = _comparable(nodes._meta.pk, F(f"{asked.target.path}__pk"))
    return Q(In(node, NodesBelow(*ancestors, tree_name(nodes), descendant=descendant)))


def _comparable(key: Field, node: F) -> tuple[F | Expression, F | Expression]:
    """A node's primary key and ``TreePath.descendant``, which is text, such that an index on the key can be used."""
    while key.is_relation:
        key = key.target_field
    if isinstance(key, IntegerField):
        return node, Cast("descendant", BigIntegerField())
    if isinstance(key, UUIDField):
        return node, Cast("descendant", UUIDField())
    return ExactText(node), ExactText(F("descendant"))
