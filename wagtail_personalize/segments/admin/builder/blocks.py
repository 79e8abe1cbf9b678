"""The blocks that a rule is built of: conditions in groups in groups, down to the depth that rules allow.

All levels share the same condition blocks, so the page carries each of them once. Nothing in a block depends on the
data: values are looked up while one types. So a whole builder is made once per language and set of subjects.
"""

import json
from collections.abc import Callable, Hashable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks import Block, StreamBlock, StructBlock
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.blocks.struct_block import StructBlockAdapter

from ...rules.structure import DEEPEST
from . import inputs
from .conversion import GROUP, STORED
from .picker import PickerBlock
from .shapes import form_of
from .stored import StoredBlock
from .subjects import Subject, Subjects

#: The fields that a condition may have beside its operator and values, in the order in which they stand.
_FIELDS: dict[str, Callable[[], Block]] = {
    "number": lambda: inputs.NumberBlock(label=pgettext("value", "Number")),
    "last_number": lambda: inputs.NumberBlock(label=_("and")),
    "day": lambda: inputs.DayBlock(label=_("Day")),
    "last_day": lambda: inputs.DayBlock(label=_("and")),
    "amount": lambda: inputs.AmountBlock(label=_("How many")),
    "unit": inputs.unit_block,
    "answer": inputs.answer_block,
    "depth": inputs.depth_block,
}


class _Made(dict):
    """What conditions have in common, made once: the page refers to it wherever it comes again."""

    def once(self, key: Hashable, make: Callable[..., Any], *args: Any) -> Any:
        if key not in self:
            self[key] = make(*args)
        return self[key]


class ConditionBlock(StructBlock):
    """One condition on one subject: an operator, and the fields that its operators need."""

    def __init__(self, subject: Subject, made: _Made):
        needed = {name for shape in subject.shapes for name in form_of(shape).fields}
        operators = made.once((subject.usual, *subject.operators), inputs.operator_block, subject)
        values = [("values", PickerBlock(subject.source, label=subject.label))] if "values" in needed else []
        fields = [(name, made.once(name, make)) for name, make in _FIELDS.items() if name in needed]
        super().__init__(
            [("operator", operators), *values, *fields],
            label=subject.label,
            group=subject.group,
            icon=subject.icon,
            description=subject.help_text,
            form_classname="personalize-rule__condition",
            form_attrs=made.once(("attributes", *subject.operators), _condition_attributes, subject),
        )

    @cached_property
    def initial_state(self) -> dict[str, Any]:
        """The state of a new condition; one object, so that all levels can refer to it."""
        return self.get_form_state(self.get_default())


class GroupBlock(StructBlock):
    """A group within a group."""

    class Meta:
        form_classname = "personalize-rule__group"
        label_format = "{match}"
        icon = "folder-inverse"


class ConditionsBlock(StreamBlock):
    """The parts of one group."""

    class Meta:
        required = False
        form_classname = "personalize-rule__conditions"


class RuleBlock(StructBlock):
    """The outermost group: how its parts are put together, and the parts."""

    class Meta:
        form_classname = "personalize-rule__group personalize-rule"
        form_attrs = {"data-personalize-rule": ""}


def rule_block(subjects: Subjects) -> RuleBlock:
    """The whole builder for these subjects."""
    made = _Made()
    conditions = [(name, ConditionBlock(subject, made)) for name, subject in subjects.items()]
    conditions.append((STORED, StoredBlock(label=_("Cannot be edited here"), icon="warning")))
    match, parts = inputs.match_block(), ConditionsBlock(conditions)
    for _level in range(DEEPEST - 1):
        group = GroupBlock(
            [("match", match), ("items", parts)],
            label=_("Group of conditions"),
            group=_("Combine"),
        )
        parts = ConditionsBlock([(GROUP, group), *conditions])
    return RuleBlock([("match", match), ("items", parts)])


def _condition_attributes(subject: Subject) -> dict[str, str]:
    """What the script needs to know to show the fields of the chosen operator only."""
    forms_by_operator = {name: form_of(shape) for name, (_label, shape) in subject.operators.items()}
    shapes = {name: {"fields": form.fields, "limit": form.limit} for name, form in forms_by_operator.items()}
    return {
        "data-controller": "personalize-condition",
        "data-action": "change->personalize-condition#choose",
        "data-personalize-condition-shapes-value": json.dumps(shapes),
        "data-operators": str(len(subject.operators)),
    }


class _BuilderMedia:
    @cached_property
    def media(self) -> forms.Media:
        """Our classes build on those of Wagtail's editor, which therefore come first."""
        scripts = ["wagtailadmin/js/telepath/blocks.js", "wagtail_personalize/segments/rule-builder.js"]
        styles = ["wagtail_personalize/segments/segments.css"]
        return forms.Media(
            js=[versioned_static(path) for path in scripts], css={"all": [versioned_static(path) for path in styles]}
        )


class RuleBlockAdapter(_BuilderMedia, StructBlockAdapter):
    js_constructor = "wagtail_personalize.Rule"


class ConditionsBlockAdapter(_BuilderMedia, StreamBlockAdapter):
    js_constructor = "wagtail_personalize.Conditions"

    def js_args(self, block: ConditionsBlock) -> list[Any]:
        name, groups, states, meta = super().js_args(block)
        shared = {
            child.name: child.initial_state
            for child in block.child_blocks.values()
            if isinstance(child, ConditionBlock)
        }
        return [name, groups, {**states, **shared}, {**meta, "addLabel": _("Add a condition"), "notOffered": [STORED]}]


register(RuleBlockAdapter(), RuleBlock)
register(ConditionsBlockAdapter(), ConditionsBlock)
