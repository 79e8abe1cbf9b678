"""*Reports to*: directly, or over any number of others, by the closure table of the reporting line."""

from django.db.models import F, Q
from django.db.models.lookups import In
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.attributes import REPORTING_LINE
from wagtail_personalize.people.models import ReportingLine

from ..broken import BrokenRule
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
        if not compiler.declaration.manager:
            raise BrokenRule(gettext("The profiles of this site name no manager."))
        lines = ReportingLine.objects.filter(manager=compiler.names.person(condition["value"]))
        if condition.get("depth") == "direct":
            lines = lines.filter(depth=1)
        return Q(In(F(compiler.declaration.person_path), lines.values("person").query))

    def mentions(self, condition):
        yield REPORTING_LINE

    def sentence(self, condition, labels) -> str:
        phrase = self.directly if condition.get("depth") == "direct" else self.phrase
        return phrase % {"value": labels.person(condition.get("value"))}


register(ReportsTo())
