"""Hashtags in the menu of the admin: their spelling, what they stand for, what is blocked and what was reviewed.

Who may change hashtags sees all of them, as whoever looks after them must.
"""

from typing import Any

from django import forms
from django.db.models import Count, Field, QuerySet
from django.forms import modelform_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_personalize.segments.admin.menu import MENU_HOOK

from ..models import Hashtag
from .bulk_hashtags import CHANGE
from .hashtag_filters import HashtagFilterSet
from .hashtag_form import HashtagForm


class HashtagIndexView(IndexView):
    """With the number of pages, so that what is used most can be reviewed first."""

    default_ordering = "-created_at"
    template_name = "wagtail_personalize/streams/admin/hashtags.html"

    def get_base_queryset(self) -> QuerySet:
        return Hashtag.objects.select_related("synonym_of").annotate(pages=Count("uses"))

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            self._get_title_column("label", accessor=str, get_title_id=lambda hashtag: f"hashtag_{hashtag.pk}_title"),
            Column("pages", label=_("Pages"), sort_key="pages"),
            Column("synonym_of", label=_("Stands for"), accessor=lambda hashtag: hashtag.synonym_of or ""),
            BooleanColumn("reviewed", label=_("Reviewed"), sort_key="reviewed"),
            BooleanColumn("blocked", label=_("Blocked"), sort_key="blocked"),
            DateColumn("created_at", label=_("First seen"), sort_key="created_at"),
        ]
        if self.request.user.has_perm(CHANGE):
            columns.insert(0, BulkActionsCheckboxColumn("bulk_actions", obj_type="hashtag"))
        return columns


class HashtagViewSet(ModelViewSet):
    """List, editor and history of hashtags."""

    model = Hashtag
    name = "personalize_hashtags"
    url_prefix = "personalize/hashtags"
    icon = "tag"
    menu_label = gettext_lazy("Hashtags")
    menu_order = 260
    menu_hook = MENU_HOOK
    form_fields = ["label", "synonym_of", "blocked", "reviewed"]
    filterset_class = HashtagFilterSet
    index_view_class = HashtagIndexView
    search_fields = ["label", "key"]
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return modelform_factory(
            Hashtag, HashtagForm, fields=self.form_fields, formfield_callback=self.formfield_for_dbfield
        )

    def formfield_for_dbfield(self, db_field: Field, **kwargs: Any) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, **kwargs)
        if db_field.name == "synonym_of":
            field.queryset = Hashtag.objects.filter(synonym_of=None)
        return field


hashtag_viewset = HashtagViewSet()
