"""What a person has in truth of what some rules ask about, and where it comes from."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wagtail_personalize.people.attributes import Attribute
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.loading import with_attributes
from wagtail_personalize.people.origins.reading import Origins, said
from wagtail_personalize.people.values import display_value

from ..models import ManualMember
from ..rules import conditions as types
from ..rules.structure import conditions_in


class Facts:
    """The values of one person; a number of queries that does not depend on how many conditions there are."""

    def __init__(self, person_id: Any, rules: Iterable[Any], own: bool = False) -> None:
        asked = [condition for rule in rules for condition in conditions_in(rule)]
        self._own = own
        self._person_id = person_id
        self._origins = Origins(person_id)
        self.profile = _profile(person_id, _attributes(asked))
        self._actual: dict[str, str] = {}
        rows = ManualMember.objects.filter(person=person_id).order_by()
        #: Segment's key → "include" or "exclude".
        self.lists: Mapping[int, str] = dict(rows.values_list("segment", "always"))

    def of(self, condition: Mapping[str, Any]) -> tuple[str, str]:
        """The value that the condition asks about, and its origin, as people read them."""
        declared = get_declaration().get(condition["attribute"]) if "attribute" in condition else None
        if declared is not None:
            value = display_value(self.profile, declared)
            if value:
                return value, said(self._origins.of(declared.name), self._own)
            emptied = self._origins.of_nothing(declared.name)
            return _("(empty)"), said(emptied, self._own) if emptied else ""
        special = types.get(condition.get("operator", ""))
        if special is None:
            return "", ""
        value = self._value_of(special)
        origin = self._origins.of(*special.mentions(condition)) if value else None
        return value, said(origin, self._own) if origin else ""

    def _value_of(self, special: types.ConditionType) -> str:
        key = special.negates or special.operator
        if key not in self._actual:
            self._actual[key] = special.actual(self._person_id)
        return self._actual[key]


def _attributes(asked: Iterable[Mapping[str, Any]]) -> list[Attribute]:
    names = {name for condition in asked if isinstance(name := condition.get("attribute"), str)}
    return [attribute for attribute in get_declaration().attributes if attribute.name in names]


def _profile(person_id: Any, attributes: list[Attribute]) -> Any:
    declaration = get_declaration()
    profiles = with_attributes(declaration.profiles(), attributes)
    return profiles.filter(**{declaration.person_path: person_id}).first()
