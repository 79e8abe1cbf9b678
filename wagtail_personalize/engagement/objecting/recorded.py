"""An objection on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_moment

from .objections import objection_of


@register_recorded
class ObjectionSection(Section):
    name = "objection"
    title = gettext_lazy("That you do not want to be counted")
    purpose = gettext_lazy("So that nothing you read, watch or click enters any figure.")
    retention = gettext_lazy("Until you take it back, or as long as your account exists.")
    models = ("personalize_engagement.Objection",)
    order = 810
    address = "wagtail_personalize:measurement"
    address_label = gettext_lazy("Measurement: what is counted, and your choice")

    def rows(self, person: Any) -> list[Row]:
        objection = objection_of(person)
        return [Row(_("You are not counted"), _("since %s") % said_moment(objection.since))] if objection else []
