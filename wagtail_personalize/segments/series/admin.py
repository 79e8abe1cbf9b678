"""Making segments from data in the admin: what will be made is shown before it is.

Whoever may add and publish segments may make series, because their segments are live at once; there are no permissions
of their own.
"""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import permissions
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, Table, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_personalize.people.attributes import Tree
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.sizes import shown_size

from ..admin.builder.restrictions import is_personal
from ..admin.menu import MENU_HOOK
from ..admin.permissions import may_publish, may_see_members, may_see_sizes
from ..admin.rewriting import AsksBeforeRewriting
from ..models import Segment
from . import rewriting
from .following import MOST_VALUES
from .models import SegmentSeries
from .naming import wanted_name
from .values import Value, suitable_attributes, values_of

_ABOUT = "personalize_segments:inspect"


class SeriesPolicy(ModelPermissionPolicy):
    """Who may do what with segments may do it with series; making one publishes its segments."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return super().user_has_permission(user, action) and (action != "add" or may_publish(user))


_POLICY = SeriesPolicy(Segment)
if hasattr(permissions, "register_permission_policy"):
    permissions.register_permission_policy(SegmentSeries, _POLICY)


class SeriesForm(WagtailAdminModelForm):
    """The attribute is chosen once; what its segments are called and hold may change later."""

    attribute = forms.ChoiceField(label=gettext_lazy("Make a segment for each value of"))

    class Meta:
        model = SegmentSeries
        fields = ["attribute", "with_below", "name_pattern", "category"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["attribute"]
            if not _is_tree(self.instance.attribute):
                del self.fields["with_below"]
        else:
            self.fields["attribute"].choices = [("", "—"), *_offered(self.for_user)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("with_below") and not _is_tree(cleaned.get("attribute") or self.instance.attribute):
            self.add_error("with_below", _("Only trees such as departments have something below."))
        return cleaned


class SeriesIndexView(IndexView):
    search_fields = None
    default_ordering = "attribute"

    def get_base_queryset(self) -> QuerySet:
        return SegmentSeries.objects.select_related("category").annotate(
            made=Count("values__segment"), marked=Count("values", filter=Q(values__gone=True))
        )

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("attribute", accessor=str),
            Column("category", label=_("Category")),
            Column("made", label=_("Segments")),
            Column("marked", label=_("Whose value no longer occurs")),
        ]


class SeriesCreateView(CreateView):
    """First a look at what will be made, then the making."""

    preview_template = "wagtail_personalize/segments/series/preview.html"

    def form_valid(self, form: SeriesForm) -> HttpResponse:
        if "confirm" in self.request.POST:
            return super().form_valid(form)
        series = form.save(commit=False)
        values = values_of(get_declaration().get(series.attribute), series.with_below)
        with_sizes = may_see_sizes(self.request.user)
        context = self.get_context_data(form=form) | {
            "hidden": [(name, value) for name, value in self.request.POST.items() if name in form.fields],
            "table": _table(series, values[:MOST_VALUES], may_see_members(self.request.user), with_sizes),
            "with_sizes": with_sizes,
            "number": min(len(values), MOST_VALUES),
            "beyond": max(0, len(values) - MOST_VALUES),
        }
        return self.response_class(self.request, [self.preview_template], context)

    def get_success_message(self, instance: SegmentSeries) -> str:
        number = instance.values.count()
        text = ngettext(
            "%(number)d segment was made for “%(attribute)s”.",
            "%(number)d segments were made for “%(attribute)s”.",
            number,
        )
        return text % {"number": number, "attribute": instance}


class SeriesEditView(AsksBeforeRewriting, EditView):
    """Also lists the segments, those marked first whose value no longer occurs."""

    template_name = "wagtail_personalize/segments/series/edit.html"
    rewritten = staticmethod(rewriting.segments_rewritten)
    shifts = staticmethod(rewriting.shifts)
    sent = staticmethod(rewriting.sent)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.values.exclude(segment=None).select_related("segment").order_by("-gone", "segment__name")
        columns = [
            TitleColumn(
                "segment", label=_("Segment"), url_name="personalize_segments:inspect", id_accessor="segment_id"
            ),
            Column("state", label=_("State"), accessor=_state),
        ]
        return super().get_context_data(**kwargs) | {"table": Table(columns, rows)}


class SeriesDeleteView(DeleteView):
    def get_confirmation_message(self) -> str:
        return _("The segments stay, but no longer follow the data. Really end this series?")

    confirmation_message = property(get_confirmation_message)


class SeriesViewSet(ModelViewSet):
    """Segments from data, in the menu *Personalisation*."""

    model = SegmentSeries
    name = "personalize_segment_series"
    url_prefix = "personalize/segment-series"
    icon = "list-ul"
    menu_label = gettext_lazy("Segments from data")
    menu_order = 150
    menu_hook = MENU_HOOK
    copy_view_enabled = False
    form_fields = SeriesForm.Meta.fields
    index_view_class = SeriesIndexView
    add_view_class = SeriesCreateView
    edit_view_class = SeriesEditView
    delete_view_class = SeriesDeleteView

    permission_policy = _POLICY

    def get_form_class(self, for_update: bool = False) -> type[Form]:
        return SeriesForm


def _offered(user: Any) -> list[tuple[str, Any]]:
    """Attributes without a series; birthdays and what people say themselves only for those who may see members."""
    taken = set(SegmentSeries.objects.values_list("attribute", flat=True))
    everything = may_see_members(user)
    return [
        (one.name, one.label)
        for one in suitable_attributes()
        if one.name not in taken and (everything or not is_personal(one))
    ]


def _is_tree(name: str) -> bool:
    return isinstance(get_declaration().get(name) if get_declaration() else None, Tree)


def _table(series: SegmentSeries, values: list[Value], exact: bool, with_sizes: bool) -> Table:
    rows = [{"name": wanted_name(series, value), "size": shown_size(value.size, exact)} for value in values]
    sizes = [Column("size", label=_("Size"))] if with_sizes else []
    return Table([Column("name", label=_("Segment")), *sizes], rows)


def _state(row: Any) -> str:
    return _("Value no longer occurs") if row.gone else ""


series_viewset = SeriesViewSet()
