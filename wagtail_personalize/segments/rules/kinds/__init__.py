"""How each kind of attribute compiles: one module per kind of value.

Each function answers the positive operators of its kind with a ``Q`` that is true or false for every profile; the
negations are made from them in ``compile``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import BooleanField, DateField, DecimalField, FloatField, IntegerField, Q

from ..names import Names
from ..targets import Target


@dataclass(frozen=True)
class Asked:
    """One condition on an attribute, with all that is needed to answer it."""

    target: Target
    operator: str
    condition: Mapping[str, Any]
    names: Names
    today: date

    @property
    def value(self) -> Any:
        return self.condition.get("value")

    @property
    def values(self) -> list[Any]:
        """The value as a list, whether the operator takes one or several."""
        return self.value if isinstance(self.value, list) else [self.value]


def check_asked(kind: str, asked: Asked) -> None:
    """Raise ``BrokenRule`` when the field holds something else than declared, or a name is nobody's."""
    field = asked.target.field
    held = _FIELDS.get(kind)
    if not (isinstance(field, held) if held else kind == "many" or field.is_relation == (kind in _LINKS)):
        raise asked.target.mismatch()
    if field.is_relation and asked.operator != "is_set":
        asked.names.keys(asked.target, asked.values)


def compile_asked(kind: str, asked: Asked) -> Q:
    """The ``Q`` of a positive condition on an attribute of this kind."""
    check_asked(kind, asked)
    return _compilers()[kind](asked)


#: The fields that hold a kind of value; links and trees are relations, texts are not, many-valued ones may be both.
_FIELDS = {"number": IntegerField | DecimalField | FloatField, "date": DateField, "yes_no": BooleanField}
_LINKS = ("link", "tree")


@cache
def _compilers() -> Mapping[str, Callable[[Asked], Q]]:
    from .date import date_q
    from .number import number_q
    from .relation import many_q, relation_q
    from .text import text_q
    from .yes_no import yes_no_q

    return {
        "text": text_q,
        "choice": text_q,
        "number": number_q,
        "date": date_q,
        "yes_no": yes_no_q,
        "link": relation_q,
        "tree": relation_q,
        "many": many_q,
    }
