"""What widgets and the filters of the timeline remember of a person, on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext_lazy

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.recorded import Row, Section, register_recorded

from .models import WidgetFilter


@register_recorded
class WidgetFiltersSection(Section):
    name = "widget_filters"
    title = gettext_lazy("How you narrowed lists of colleagues down")
    purpose = gettext_lazy("So that they show you again whom you wanted to see. Nobody else can see it.")
    retention = gettext_lazy("Until you change it.")
    models = ("personalize_streams.WidgetFilter",)
    order = 430

    def rows(self, person: Any) -> list[Row]:
        declaration = get_declaration()
        known = declaration.by_name if declaration else {}
        rows = WidgetFilter.objects.filter(person=person).order_by("widget", "attribute")
        return [Row(known[row.attribute].label if row.attribute in known else row.attribute, row.value) for row in rows]
