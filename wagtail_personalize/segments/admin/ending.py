"""Deleting a segment, and making a draft of a live one: refused, with the places, while the segment is used."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.views.generic import DeleteView, PermissionCheckedMixin, UnpublishView

from ..log_entries import told_elsewhere
from ..usage import SegmentInUse, Usage, where_used


class _RefusedWhileUsed:
    """Shows the places instead of doing it."""

    #: What cannot be done, said to the editor.
    refusal: Any = ""

    @cached_property
    def usages(self) -> list[Usage]:
        return [usage for usage in where_used(self.object) if self.minds(usage)]

    def minds(self, usage: Usage) -> bool:
        """Does this place keep it from being done?"""
        return True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.usages:
            return self.get(request, *args, **kwargs)
        try:
            with told_elsewhere():
                return super().post(request, *args, **kwargs)
        except SegmentInUse:
            del self.usages
            return self.get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse(self.index_url_name)
        return {**super().get_context_data(**kwargs), "usages": self.usages, "refusal": self.refusal, "back_url": back}


class SegmentDeleteView(_RefusedWhileUsed, DeleteView):
    template_name = "wagtail_personalize/segments/admin/confirm_delete.html"
    refusal = gettext_lazy("This segment is in use and cannot be deleted. Remove it first from these places:")


class SegmentUnpublishView(_RefusedWhileUsed, PermissionCheckedMixin, UnpublishView):
    """Empties the segment and keeps its last version as the draft."""

    permission_required = "publish"
    template_name = "wagtail_personalize/segments/admin/confirm_unpublish.html"
    refusal = gettext_lazy("This segment is in use and cannot become a draft. Remove it first from these places:")

    def minds(self, usage: Usage) -> bool:
        return usage.needs_live

    def get_usage_url(self) -> None:
        """Not counted here: where it is used is known to more than Wagtail's index of references."""
