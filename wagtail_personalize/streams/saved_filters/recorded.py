"""The filters that somebody saved, on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded

from .models import SavedFilter


@register_recorded
class SavedFiltersSection(Section):
    name = "saved_filters"
    title = gettext_lazy("The filters of your news that you saved")
    purpose = gettext_lazy("So that you can switch between them. Nobody else can see them.")
    retention = gettext_lazy("Until you delete them.")
    models = ("personalize_streams.SavedFilter",)
    order = 431

    def rows(self, person: Any) -> list[Row]:
        return [Row(saved.name) for saved in SavedFilter.objects.filter(person=person)]
