"""The form field of a rule: blocks in front, the rule's JSON behind."""

from typing import Any
from weakref import WeakKeyDictionary

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.blocks import BlockField, StructValue
from wagtail.blocks.base import BlockWidget

from wagtail_personalize.people.declaration import ProfileDeclaration, get_declaration

from ...effective import problems
from ...rules.schema import Problem
from ..permissions import may_see_members
from .blocks import rule_block
from .conversion import from_blocks, surplus, to_blocks
from .problems import as_block_error
from .restrictions import asks_about_personal, personal_attributes, refusal
from .subjects import Subjects, all_subjects


class RuleWidget(BlockWidget):
    """Takes a form that was sent without the builder, or with parts of it, as one without a rule."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> StructValue | None:
        try:
            return super().value_from_datadict(data, files, name)
        except (KeyError, ValueError):
            return None


class Builder:
    """The blocks for one set of subjects, packed for the page once."""

    def __init__(self, subjects: Subjects):
        self.subjects = subjects
        self.block = rule_block(subjects)
        self.widget = RuleWidget(self.block)
        # Copies of the widget, one for each form, share what was packed before.
        self.packed = self.widget.block_json

    def show(self, rule: Any) -> StructValue:
        """The value of the block for a rule."""
        return self.block.to_python(to_blocks(rule, self.subjects))

    def read(self, value: StructValue) -> dict[str, Any]:
        """The rule that a value of the block says."""
        return from_blocks(self.block.get_prep_value(value), self.subjects)

    def surplus(self, value: StructValue) -> list[Problem]:
        """Conditions with more values than their operator takes."""
        return list(surplus(self.block.get_prep_value(value), self.subjects))


_builders: WeakKeyDictionary[Any, dict[tuple[str | None, bool], Builder]] = WeakKeyDictionary()
#: Stands for the declaration of a site that has none.
_UNDECLARED = ProfileDeclaration()


def builder_for(user: Any) -> Builder:
    """The builder with everything that this user may ask about, in the language that is active."""
    everything = may_see_members(user)
    made = _builders.setdefault(get_declaration() or _UNDECLARED, {})
    key = (get_language(), everything)
    if key not in made:
        made[key] = Builder(all_subjects() if everything else all_subjects().without(personal_attributes()))
    return made[key]


class RuleField(BlockField):
    """Cleans to the rule as JSON; the problems of a rule become errors of the blocks that have them."""

    def __init__(self, user: Any, *, stored: Any = None, slug: str = "", **kwargs: Any):
        """``stored`` is the rule before the edit and ``slug`` the short name of its segment, if there is one."""
        self.user, self.stored, self.slug = user, stored, slug
        self.builder = builder_for(user)
        super().__init__(block=self.builder.block, widget=self.builder.widget, **kwargs)

    def prepare_value(self, value: Any) -> StructValue:
        return value if isinstance(value, StructValue) else self.builder.show(value)

    #: Wagtail sets it while a draft is checked.
    is_deferred_validation = False

    def clean(self, value: StructValue | None) -> dict[str, Any]:
        if value is None:
            missing = Problem((), _("The rule did not arrive. It needs JavaScript; please load the page again."))
            raise as_block_error([missing], {"items": []})
        value = self.block.clean(value)
        rule = self.builder.read(value)
        if found := self._problems(rule, value):
            raise as_block_error(found, self.block.get_prep_value(value))
        return rule

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.builder.read(self.prepare_value(initial)) != self.builder.read(data)

    def _problems(self, rule: dict[str, Any], value: StructValue) -> list[Problem]:
        found = self.builder.surplus(value)
        if found := found or ([] if self.is_deferred_validation else problems(rule, self.slug)):
            return found
        if rule != self.stored and not may_see_members(self.user) and asks_about_personal(rule):
            return [Problem((), refusal())]
        return []
