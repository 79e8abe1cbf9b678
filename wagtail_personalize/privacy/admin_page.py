"""A page of our own in Wagtail's admin, for those who hold a permission."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class PermittedPageMixin(WagtailAdminTemplateMixin):
    """For whoever has all of ``permissions``; everybody else is refused before anything is read."""

    permissions: ClassVar[tuple[str, ...]]
    _show_breadcrumbs = True  # Wagtail 7.4 asks for it

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perms(self.permissions):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": str(self.page_title)}]
