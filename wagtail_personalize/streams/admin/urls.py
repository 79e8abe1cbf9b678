"""Addresses of this room in the admin."""

from django.urls import include, path

from .page_view import PageHashtagsView

patterns = [path("page/<int:page_id>/", PageHashtagsView.as_view(), name="page_hashtags")]

urlpatterns = [path("personalize/page-hashtags/", include((patterns, "personalize_streams")))]
