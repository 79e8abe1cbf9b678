"""Ready filters in the menu of the admin: what editors offer to a segment, such as *For managers*."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView, EditView, IndexView, UsageView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminPageChooser

from wagtail_personalize.segments.admin.menu import MENU_HOOK
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rights import usable_by
from wagtail_personalize.targeting.page_tree import page_model

from ..formats.models import Format
from ..hashtag_uses import hashtag_ids
from ..models import Hashtag
from ..page_hashtags import labels_in
from ..sources.finding import name_of, source_for
from ..sources.hashtags import HASHTAG
from ..sources.pages import PAGE
from .models import SavedFilter


class ReadyFilterForm(WagtailAdminModelForm):
    """Sources are named as editors know them: hashtags, and a page with everything below it."""

    hashtags = forms.CharField(label=gettext_lazy("Hashtags"), required=False, max_length=500)
    page = forms.ModelChoiceField(
        label=gettext_lazy("A page and what is below it"),
        queryset=page_model()._base_manager.all(),
        required=False,
        widget=AdminPageChooser,
    )
    formats = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these formats"),
        choices=Format.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        fields = ["name", "segment", "formats", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = getattr(self, "for_user", None)
        self.fields["segment"].queryset = usable_by(user).order_by("name") if user else Segment.objects.none()
        if self.instance.pk and self.instance.segment_id:
            self.fields["segment"].queryset |= Segment.objects.filter(pk=self.instance.segment_id)
        if self.instance.pk:
            self.initial |= _as_known(self.instance)

    def clean_hashtags(self) -> dict[str, str]:
        return labels_in(self.cleaned_data["hashtags"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name) for name in ("hashtags", "page", "formats")):
            raise ValidationError(_("Name hashtags, a page or a format; else it would be all news."))
        return cleaned

    def save(self, commit: bool = True) -> SavedFilter:
        names = [
            name_of(one) for one in Hashtag.objects.filter(pk__in=hashtag_ids(self.cleaned_data["hashtags"]).values())
        ]
        names += [name_of(self.cleaned_data["page"])] if self.cleaned_data["page"] else []
        self.instance.by_sources = bool(names)
        saved = super().save(commit=commit)
        saved.sources.set([source_for(name) for name in names])
        return saved


def _as_known(saved: SavedFilter) -> dict[str, Any]:
    keys = {kind: [one.key for one in saved.sources.all() if one.kind == kind] for kind in (HASHTAG, PAGE)}
    pages = page_model()._base_manager.filter(translation_key__in=keys[PAGE]).order_by("pk")
    tags = Hashtag.objects.filter(pk__in=[key for key in keys[HASHTAG] if key.isdigit()])
    return {"hashtags": " ".join(map(str, tags)), "page": pages.first() if keys[PAGE] else None}


class ReadyOnly:
    """What people saved for themselves is nobody else's business, whatever permissions somebody has."""

    def get_object(self, *args: Any, **kwargs: Any) -> SavedFilter:
        found = super().get_object(*args, **kwargs)
        if found.person_id is not None:
            raise Http404
        return found


class ReadyFilterIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet:
        return SavedFilter.objects.filter(person=None).select_related("segment")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("segment", label=_("For"), accessor=lambda one: one.segment or _("Everybody")),
            Column("position", label=_("Order"), sort_key="position"),
        ]


class ReadyFilterEditView(ReadyOnly, EditView):
    pass


class ReadyFilterDeleteView(ReadyOnly, DeleteView):
    pass


class ReadyFilterHistoryView(ReadyOnly, HistoryView):
    pass


class ReadyFilterUsageView(ReadyOnly, UsageView):
    pass


class ReadyFilterViewSet(ModelViewSet):
    model = SavedFilter
    name = "personalize_ready_filters"
    url_prefix = "personalize/ready-filters"
    icon = "list-ul"
    menu_label = gettext_lazy("Ready filters")
    menu_order = 265
    menu_hook = MENU_HOOK
    index_view_class = ReadyFilterIndexView
    edit_view_class = ReadyFilterEditView
    delete_view_class = ReadyFilterDeleteView
    history_view_class = ReadyFilterHistoryView
    usage_view_class = ReadyFilterUsageView
    copy_view_enabled = False
    inspect_view_enabled = False
    exclude_form_fields = ["person", "by_sources", "sources"]

    def get_form_class(self, for_update: bool = False) -> Any:
        return forms.modelform_factory(SavedFilter, form=ReadyFilterForm, fields=ReadyFilterForm.Meta.fields)


ready_filter_viewset = ReadyFilterViewSet()
