"""The pages of this room."""

from django.urls import path

from .pages.search import SearchApiView, SearchView

urlpatterns = [
    path("search/", SearchView.as_view(), name="search"),
    path("search.json", SearchApiView.as_view(), name="search_api"),
]
