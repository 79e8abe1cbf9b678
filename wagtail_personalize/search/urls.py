"""The pages of this room."""

from django.urls import path

from .pages.opening import OpenView
from .pages.search import SearchApiView, SearchView

urlpatterns = [
    path("search/", SearchView.as_view(), name="search"),
    path("search.json", SearchApiView.as_view(), name="search_api"),
    path("search/open/<str:kind>/<str:pk>/", OpenView.as_view(), name="search_open"),
]
