"""Segments and their categories in the admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import ObjectList
from wagtail.admin.views.generic import CopyView, CreateView, DeleteView, EditView
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_personalize.privacy.audit import log_names_seen

from ..models import Segment, SegmentCategory
from ..usage import SegmentInUse, Usage, where_used
from .forms import SegmentForm
from .inspecting import SegmentInspectView
from .listing import SegmentIndexView
from .live import live_view
from .menu import MENU_HOOK
from .panels import SEGMENT_PANELS
from .values import values_view


class _RefusedOnSave:
    """What is found out only while saving, such as a segment that must not become self-chosen, is a form error too."""

    def form_valid(self, form: SegmentForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as refused:
            form.add_error(None if hasattr(refused, "error_dict") else "rule", refused)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class SegmentCreateView(_RefusedOnSave, CreateView):
    pass


class SegmentCopyView(_RefusedOnSave, CopyView):
    """A new segment that starts with the rule of another one; the lists of people stay behind."""

    def get_initial_form_instance(self) -> Segment:
        original = self.get_object()
        return Segment(rule=original.rule, description=original.description, category=original.category)


class SegmentEditView(_RefusedOnSave, EditView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lists of people are shown with their names, which is logged."""
        context = super().get_context_data(**kwargs)
        if named := self.form.named_people():
            log_names_seen(self.request.user, _("Segment “%(name)s”") % {"name": self.object.name}, named)
        return context


class SegmentDeleteView(DeleteView):
    """Refused, with the places, while the segment is used."""

    template_name = "wagtail_personalize/segments/admin/confirm_delete.html"

    @cached_property
    def usages(self) -> list[Usage]:
        return where_used(self.object)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs) if not self.usages else self.get(request, *args, **kwargs)
        except SegmentInUse:
            del self.usages
            return self.get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "usages": self.usages}


class SegmentViewSet(ModelViewSet):
    """Segments: list, editor with rule builder, page about one segment, history."""

    model = Segment
    name = "personalize_segments"
    url_prefix = "personalize/segments"
    icon = "group"
    menu_label = gettext_lazy("Segments")
    menu_icon = "group"
    menu_order = 100
    menu_hook = MENU_HOOK
    inspect_view_enabled = True
    index_view_class = SegmentIndexView
    add_view_class = SegmentCreateView
    copy_view_class = SegmentCopyView
    edit_view_class = SegmentEditView
    delete_view_class = SegmentDeleteView
    inspect_view_class = SegmentInspectView

    edit_handler = ObjectList(SEGMENT_PANELS, base_form_class=SegmentForm)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("values/", values_view, name="values"),
            path("live/", live_view, name="live"),
        ]


class SegmentCategoryViewSet(ModelViewSet):
    """The drawers in which segments are kept."""

    model = SegmentCategory
    name = "personalize_segment_categories"
    url_prefix = "personalize/segment-categories"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Segment categories")
    menu_order = 200
    menu_hook = MENU_HOOK
    form_fields = ["name", "order"]
    list_display = ["name", "order"]
    search_fields = ["name"]
    copy_view_enabled = False


segment_viewset = SegmentViewSet()
segment_category_viewset = SegmentCategoryViewSet()
