"""*Is in segment* and *is not in segment*: the other segment's effective definition stands in for the condition."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..operators import Shape
from . import register
from .base import ConditionType


class InSegment(ConditionType):
    """In the segment with this short name, manual lists included."""

    operator = "in_segment"
    label = _("is in segment")
    phrase = _("is in segment %(value)s")
    shape = Shape.SEGMENT

    def q(self, condition, compiler) -> Q:
        return compiler.segment(condition["value"])

    def check(self, condition, compiler) -> int:
        return compiler.check_segment(condition["value"]) + 1

    def sentence(self, condition, labels) -> str:
        return self.phrase % {"value": labels.segment(condition.get("value"))}


class NotInSegment(InSegment):
    """Not in the segment; a segment that is unknown or broken breaks the rule all the same."""

    operator = "not_in_segment"
    label = _("is not in segment")
    phrase = _("is not in segment %(value)s")
    negates = "in_segment"

    def q(self, condition, compiler) -> Q:
        return ~super().q(condition, compiler)


register(InSegment())
register(NotInSegment())
