"""How each kind of attribute compiles: one module per kind of value.

Each function answers the positive operators of its kind with a ``Q`` that is true or false for every profile; the
negations are made from them in ``compile``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q

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


def compile_asked(kind: str, asked: Asked) -> Q:
    """The ``Q`` of a positive condition on an attribute of this kind."""
    return _compilers()[kind](asked)


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
