"""What may be wrong with a condition type, in sentences for the site builder who wrote it."""

from collections.abc import Iterator, Mapping
from inspect import isabstract
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist

from wagtail_personalize.people.paths import end

from ..operators import Shape
from .base import ConditionType
from .watches import Watch

_PICKED = (Shape.CHOICE, Shape.CHOICES, Shape.KEY, Shape.KEYS)


def faults_of(condition: Any, known: Mapping[str, ConditionType]) -> Iterator[str]:
    """Why this cannot be registered beside the ``known`` condition types."""
    cls = condition if isinstance(condition, type) else type(condition)
    if not issubclass(cls, ConditionType):
        yield f"{cls.__name__} was registered as a condition type, but is no subclass of ConditionType."
        return
    if isabstract(cls):
        yield f"{cls.__name__} does not say which people satisfy it. Write its method q()."
    if not isinstance(cls.operator, str) or not cls.operator.isidentifier():
        yield f"{cls.__name__} needs an operator: the name by which rules know it, such as 'has_completed'."
    elif cls.operator in known:
        taken = type(known[cls.operator]).__name__
        yield f"{cls.__name__} has the operator '{cls.operator}', which {taken} has already. Give it another one."
    if not cls.label:
        yield f"{cls.__name__} has no label: what editors read in the menu of conditions."
    yield from _faults_of_phrase(cls)
    yield from _faults_of_shape(cls)


def _faults_of_phrase(cls: type[ConditionType]) -> Iterator[str]:
    try:
        read = str(cls.phrase) % {"value": "x"}
    except (TypeError, ValueError, KeyError):
        read = ""
    if not read:
        yield f"{cls.__name__} has no phrase for sentences, such as 'has completed %(value)s'."


def _faults_of_shape(cls: type[ConditionType]) -> Iterator[str]:
    if not isinstance(cls.shape, Shape):
        yield f"{cls.__name__} has an unknown shape {cls.shape!r}. Use one of Shape."
    elif cls.shape in _PICKED and cls.choices is ConditionType.choices:
        yield f"{cls.__name__} has the shape '{cls.shape}' and nothing to choose from. Write its method choices()."


def faults_of_watches(condition: ConditionType) -> Iterator[str]:
    """Whether what a condition type watches exists; to be asked when all models are loaded."""
    name = type(condition).__name__
    for watched in condition.watches:
        if not isinstance(watched, Watch):
            yield f"{name} watches {watched!r}. Write watch('app_label.Model', person='path to the user')."
        elif sentence := _fault_of_watch(watched):
            yield f"{name} watches {watched.model}: {sentence}"


def _fault_of_watch(watched: Watch) -> str:
    try:
        model = apps.get_model(watched.model)
        reached = end(model, watched.person).related_model if watched.person else get_user_model()
    except (LookupError, ValueError):
        return "there is no such model."
    except FieldDoesNotExist:
        return f"'{watched.person}' leads nowhere."
    if reached is None or not issubclass(reached, get_user_model()):
        return f"'{watched.person}' must lead to the user."
    return ""
