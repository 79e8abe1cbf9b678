"""What views of our own about one page have in common; of our own, so that they work for every page type."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..doors.known import page_or_404


class OfAPageMixin(WagtailAdminTemplateMixin):
    """A view about the page ``page_id`` of its address. Takes effect at once, so it is for those who may publish it."""

    _show_breadcrumbs = True  # Wagtail 7.4 asks for it
    #: How much of the page is read: ``"specific"``, or ``"specific_deferred"`` where only its type is needed.
    page_as = "specific"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = getattr(page_or_404(kwargs["page_id"]), self.page_as)

    def may_open(self) -> bool:
        return not self.page.is_root() and self.page.permissions_for_user(self.request.user).can_publish()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_open():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.edit_url, "label": self.page.get_admin_display_title()},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"page": self.page, "edit_url": self.edit_url}
