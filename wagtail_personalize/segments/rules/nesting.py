"""How deep brackets and negations stand in each other, which the parser of the smallest database limits.

Counted in a ``Q``, or said beforehand of what is about to become one: never too little, so that a rule which is found
shallow enough need not be compiled to be sure.
"""

from django.db.models import Q

#: No condition on an attribute nests deeper, negated or not.
OF_CONDITION = 5
#: What the lists of named people and being active add to a rule.
OF_LISTS = 4


def nesting(q: Q) -> int:
    """How deep brackets and negations stand in each other in ``q``."""
    inner = max((nesting(child) for child in q.children if isinstance(child, Q)), default=0)
    return inner + len(q.children[:2]) - 1 + q.negated if q.children else 0


def of_group(kind: str, deepest: int) -> int:
    """The same of a group whose parts nest at most so deep."""
    return deepest + (2 if kind == "none" else 1)
