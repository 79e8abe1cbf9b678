"""The pages of this room, for people who are signed in."""

from django.urls import path

from .pages import RecordedFileView, RecordedView

urlpatterns = [
    path("me/recorded/", RecordedView.as_view(), name="recorded"),
    path("me/recorded.json", RecordedFileView.as_view(), name="recorded_file"),
]
