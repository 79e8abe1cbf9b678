"""*Reports to*: directly, or over any number of others, by the closure table of the reporting line."""

from django.db.models import F, Q
from django.db.models.lookups import In
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.attributes import REPORTING_LINE
from wagtail_personalize.people.models import ReportingLine
from wagtail_personalize.people.names import person_name

from ..broken import BrokenRule
from ..kinds.functions import PeopleBelow
from ..nesting import OF_CONDITION
from ..operators import Shape
from . import register
from .base import ConditionType


class ReportsTo(ConditionType):
    """The named person is the manager (``"depth": "direct"``) or anywhere above (``"any"``, the default)."""

    operator = "reports_to"
    label = _("reports to")
    phrase = _("reports to %(value)s, directly or over others")
    directly = _("reports directly to %(value)s")
    shape = Shape.PERSON

    def q(self, condition, compiler) -> Q:
        self.check(condition, compiler)
        manager = compiler.names.person(condition["value"])
        return Q(In(F(compiler.declaration.person_path), PeopleBelow(manager, condition.get("depth") == "direct")))

    def check(self, condition, compiler) -> int:
        if not compiler.declaration.manager:
            raise BrokenRule(gettext("The profiles of this site name no manager."))
        compiler.names.person(condition["value"])
        return OF_CONDITION

    def mentions(self, condition):
        yield REPORTING_LINE

    def sentence(self, condition, labels) -> str:
        phrase = self.directly if condition.get("depth") == "direct" else self.phrase
        return phrase % {"value": labels.person(condition.get("value"))}

    def actual(self, person_id) -> str:
        lines = ReportingLine.objects.filter(person=person_id).order_by("depth").select_related("manager")
        return ", ".join(person_name(line.manager) for line in lines) or gettext("(nobody)")


class NotReportsTo(ReportsTo):
    """Does not report to; a person who does not exist breaks the rule all the same."""

    operator = "not_reports_to"
    label = _("does not report to")
    phrase = _("does not report to %(value)s, neither directly nor over others")
    directly = _("does not report directly to %(value)s")
    negates = "reports_to"

    def q(self, condition, compiler) -> Q:
        return ~super().q(condition, compiler)


register(ReportsTo())
register(NotReportsTo())
