"""The list of personas."""

from django.db.models import Count, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView


class PersonaIndexView(IndexView):
    """Personas with their segment and how many invented people stand for them."""

    search_fields = ["name", "summary"]
    search_backend_name = None
    default_ordering = "name"

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("segment").annotate(people=Count("examples"))

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("segment", label=_("Segment"), sort_key="segment__name"),
            Column("summary", label=_("In one sentence")),
            Column("get_channel_display", label=_("Preferred channel"), sort_key="channel"),
            Column("people", label=_("Example people"), sort_key="people"),
        ]
