"""Segments and their categories in the admin."""

from typing import Any

from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from ..models import Segment
from .categories import SegmentCategoryViewSet
from .editing import SegmentCopyView, SegmentCreateView, SegmentEditView, SegmentRevertView
from .ending import SegmentDeleteView, SegmentUnpublishView
from .explaining import URLPATTERNS as EXPLAINING
from .forms import SegmentForm
from .inspecting import SegmentInspectView
from .listing import SegmentIndexView
from .live import live_view
from .menu import MENU_HOOK
from .pages import URLPATTERNS
from .panels import SEGMENT_PANELS
from .revisions import SegmentCompareView
from .values import values_view


class SegmentViewSet(ModelViewSet):
    """Segments: list, editor with rule builder, drafts and versions, page about one segment, history."""

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

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = ("revisions_revert", "revisions_compare", "unpublish")
        return super().get_common_view_kwargs(
            **{f"{name}_url_name": self.get_url_name(name) for name in names}, **kwargs
        )

    def _version_urls(self) -> list[URLPattern]:
        revert = self.construct_view(SegmentRevertView, **self.get_edit_view_kwargs())
        compare = self.construct_view(SegmentCompareView, edit_handler=self._edit_handler)
        versions = "history/<int:pk>/revisions/"
        return [
            path(f"{versions}<int:revision_id>/revert/", revert, name="revisions_revert"),
            re_path(
                r"^history/(?P<pk>\d+)/revisions/compare/"
                r"(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$",
                compare,
                name="revisions_compare",
            ),
            path("unpublish/<int:pk>/", self.construct_view(SegmentUnpublishView), name="unpublish"),
        ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            *self._version_urls(),
            *URLPATTERNS,
            *EXPLAINING,
            path("values/", values_view, name="values"),
            path("live/", live_view, name="live"),
        ]


segment_viewset = SegmentViewSet()
segment_category_viewset = SegmentCategoryViewSet()
