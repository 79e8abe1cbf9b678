"""Categories of segments in the admin: their names, their order, and who may use what is in them."""

from typing import Any

from django import forms
from django.db.models import Field, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from ..models import SegmentCategory
from .menu import MENU_HOOK


class SegmentCategoryIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().prefetch_related("groups")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("order", label=_("Order"), sort_key="order"),
            Column("groups", label=_("May be used by"), accessor=groups_of),
        ]


class SegmentCategoryViewSet(ModelViewSet):
    """The drawers in which segments are kept."""

    model = SegmentCategory
    name = "personalize_segment_categories"
    url_prefix = "personalize/segment-categories"
    icon = "folder-open-inverse"
    menu_label = _("Segment categories")
    menu_order = 200
    menu_hook = MENU_HOOK
    form_fields = ["name", "order", "groups"]
    index_view_class = SegmentCategoryIndexView
    search_fields = ["name"]
    copy_view_enabled = False

    def formfield_for_dbfield(self, db_field: Field, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, **kwargs)


def groups_of(category: SegmentCategory) -> str:
    """The groups that may use a category, or that all editors may."""
    return ", ".join(group.name for group in category.groups.all()) or gettext("All editors")
