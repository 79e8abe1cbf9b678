"""Which single conditions a person satisfies, answered by the same ``Q`` that makes memberships, in one statement."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import router
from django.db.models import Q

from wagtail_personalize.people.declaration import get_declaration

from ..answers import people_in
from ..effective import people
from ..models import Membership
from ..rules.broken import BrokenRule
from ..rules.compile import Compiler

#: Numbers the question whether the person counts at all.
_COUNTS = 0


class Answers:
    """The truth of conditions for one person; a condition that cannot be compiled has a problem instead."""

    def __init__(self, compiler: Compiler, conditions: Iterable[Any], person_id: Any) -> None:
        self.problems: dict[str, str] = {}
        asked: dict[str, Q] = {}
        for condition in conditions:
            key = _key(condition)
            if key not in asked and key not in self.problems:
                try:
                    asked[key] = compiler.rule({"all": [condition]})
                except BrokenRule as broken:
                    self.problems[key] = broken.sentence
        true = _numbers_true([people(compiler.declaration), *asked.values()], person_id)
        self.is_active = _COUNTS in true
        self._holds = {key: number in true for number, key in enumerate(asked, _COUNTS + 1)}

    def holds(self, condition: Any) -> bool | None:
        """``None`` where the condition means nothing."""
        return self._holds.get(_key(condition))

    def problem(self, condition: Any) -> str:
        """Why the condition means nothing, if it does."""
        return self.problems.get(_key(condition), "")


def _numbers_true(qs: list[Q], person_id: Any) -> set[int]:
    """The positions of those ``qs`` that the person satisfies; one statement for any usual number."""
    person = Q(**{get_declaration().person_path: person_id})
    found = people_in(enumerate(qs, _COUNTS), person, using=router.db_for_read(Membership))
    return {number for number, _person in found}


def _key(condition: Any) -> str:
    return json.dumps(condition, sort_keys=True, default=str)
