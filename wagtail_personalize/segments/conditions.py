"""Everything for condition types of a site's own.

::

    @register
    class HasCompleted(ConditionType):
        …

See the page *Own condition types* of the documentation.
"""

from collections.abc import Collection
from typing import Any

from .rules.broken import BrokenRule
from .rules.conditions import register
from .rules.conditions.base import ConditionType
from .rules.conditions.watches import watch
from .rules.operators import Shape

__all__ = ["BrokenRule", "ConditionType", "Shape", "answers_changed", "register", "watch"]


def answers_changed(operator: str, person_ids: Collection[Any] | None = None, cause: str = "bulk") -> None:
    """Re-evaluate the segments that ask with ``operator`` for these people (users' keys, ``None``: everybody).

    Saves and deletions of watched models do this by themselves; call it after ``bulk_create`` and ``update``.
    """
    from .changing import changing_memberships
    from .index import segment_index
    from .refresh import refresh

    with changing_memberships():
        affected = segment_index().mentioning({operator})
        if affected:
            refresh(affected, person_ids, cause)
