"""A menu item of the admin with a list, and without Wagtail's forms for single objects."""

from typing import Any

from django.urls import path
from wagtail.admin.viewsets.model import ModelViewSet


class ListOnlyViewSet(ModelViewSet):
    """Index and results; a subclass adds what is decided about a row to ``get_urlpatterns``."""

    copy_view_enabled = False
    inspect_view_enabled = False

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(add_url_name=None, edit_url_name=None, delete_url_name=None, **kwargs)

    def register_admin_url_finder(self) -> None:
        """There is no page of one object."""
