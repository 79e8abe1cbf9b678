"""The addresses of the pages about one segment, beside those that Wagtail makes."""

from typing import Any

from django.urls import URLPattern, path

from .history import ComingsView
from .manual_listing import NamedPeopleView
from .manual_removing import RemoveNamedPersonView
from .manual_views import ChangeNamedPeopleView
from .members import MemberListView


def _listing(address: str, view: Any, name: str) -> list[URLPattern]:
    """A listing, and its results alone for searches while one types."""
    return [
        path(f"{address}/<int:pk>/", view.as_view(), name=name),
        path(f"{address}/<int:pk>/results/", view.as_view(results_only=True), name=f"{name}_results"),
    ]


URLPATTERNS = [
    *_listing("members", MemberListView, "members"),
    *_listing("joined-and-left", ComingsView, "comings"),
    *_listing("named-people", NamedPeopleView, "named_people"),
    path("named-people/<int:pk>/remove/<int:member_pk>/", RemoveNamedPersonView.as_view(), name="remove_named_person"),
    path("named-people/<int:pk>/change/", ChangeNamedPeopleView.as_view(), name="change_named_people"),
]
