"""What a condition on an attribute asks about one value: the same as ``rules.kinds`` asks of the database.

Only what can be answered exactly as every database does is known here; for all else the condition's ``Q`` is asked.
"""

from collections.abc import Callable, Mapping

from django.db import models
from django.db.models import Field

from wagtail_personalize.people.folding import fold

from ..rules.kinds import Asked
from ..rules.kinds.date import span
from ..rules.kinds.in_memory import coming_round, within
from ..rules.kinds.number import held, interval
from .topics import Atom, Topic
from .trees import Trees

#: Decimals with more digits are no exact numbers on SQLite.
_EXACT_DIGITS = 15

Ask = Callable[[Asked, Topic, Atom], bool]


def topic_of(asked: Asked) -> Topic | None:
    """A topic for the values of this attribute, which then still has to be told how to read them; ``None``: unknown."""
    kind, field = asked.target.attribute.kind, asked.target.field
    if hasattr(field, "from_db_value"):
        return None
    if field.is_relation:
        known = kind in ("link", "tree", "many") and isinstance(_key(field), models.IntegerField | models.UUIDField)
        return Topic(path="pk") if known else None
    if kind in ("text", "choice", "many"):
        known = isinstance(field, models.CharField | models.TextField | models.IntegerField)
        return Topic(normal=lambda value: fold(str(value))) if known else None
    return Topic() if kind in _PLAIN else None


def ask(asked: Asked, topic: Topic, atom: Atom, trees: Trees) -> bool:
    """Let ``atom`` of ``topic`` ask this; whether it could."""
    kind, field = asked.target.attribute.kind, asked.target.field
    if field.is_relation:
        return _about_relation(asked, topic, atom, trees)
    if kind in ("text", "choice", "many"):
        return _about_text(asked, topic, atom)
    return _PLAIN[kind](asked, topic, atom)


def _key(field: Field) -> Field:
    """The primary key of what a relation leads to."""
    key = field.related_model._meta.pk
    while key.is_relation:
        key = key.target_field
    return key


def _about_relation(asked: Asked, topic: Topic, atom: Atom, trees: Trees) -> bool:
    match asked.operator:
        case "is_set":
            topic.ask(lambda key: True, atom)
        case "is_under":
            below = trees.below(asked.target.field.related_model, asked.names.keys(asked.target, asked.values))
            topic.ask(below, atom)
        case "is" | "is_one_of" | "has_any":
            topic.among(asked.names.keys(asked.target, asked.values), atom)
        case _:
            return False
    return True


def _about_text(asked: Asked, topic: Topic, atom: Atom) -> bool:
    match asked.operator:
        case "is_set":
            topic.ask(bool, atom)
        case "is" | "is_one_of" | "has_any":
            topic.among((fold(str(text)) for text in asked.values), atom)
        case "contains":
            wanted = fold(asked.value)
            topic.ask(lambda text: wanted in text, atom)
        case "starts_with":
            beginning = fold(asked.value)
            topic.ask(lambda text: text.startswith(beginning), atom)
        case _:
            return False
    return True


def _about_number(asked: Asked, topic: Topic, atom: Atom) -> bool:
    field = asked.target.field
    if isinstance(field, models.DecimalField) and (field.max_digits or _EXACT_DIGITS + 1) > _EXACT_DIGITS:
        return False
    if asked.operator == "is_set":
        topic.ask(lambda number: True, atom)
    elif asked.operator in ("is", "lt", "lte", "gt", "gte", "between"):
        topic.ask(within(*held(field, *interval(field, asked.operator, asked.value))), atom)
    else:
        return False
    return True


def _about_date(asked: Asked, topic: Topic, atom: Atom) -> bool:
    """Days only: a moment belongs to a local day, and databases are better at that."""
    if isinstance(asked.target.field, models.DateTimeField) and asked.operator != "is_set":
        return False
    match asked.operator:
        case "is_set":
            topic.ask(lambda day: True, atom)
        case "anniversary_within":
            yearless = asked.target.attribute.yearless
            topic.ask(coming_round(asked.condition, asked.today, yearless=yearless), atom)
        case "on" | "before" | "after" | "between" | "in_the_last" | "more_than_ago" | "in_the_next":
            topic.ask(within(*span(asked.operator, asked.condition, asked.today)), atom)
        case _:
            return False
    return True


def _about_yes_no(asked: Asked, topic: Topic, atom: Atom) -> bool:
    match asked.operator:
        case "is_set":
            topic.ask(lambda answer: True, atom)
        case "is":
            topic.among([asked.value], atom)
        case _:
            return False
    return True


_PLAIN: Mapping[str, Ask] = {"number": _about_number, "date": _about_date, "yes_no": _about_yes_no}
