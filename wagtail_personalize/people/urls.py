"""The pages of this room, for people who are signed in."""

from django.urls import path

from .pages.directory import DirectoryView
from .pages.profile import EditMyProfileView, MyProfileView, PersonView

urlpatterns = [
    path("directory/", DirectoryView.as_view(), name="directory"),
    path("me/", MyProfileView.as_view(), name="me"),
    path("me/edit/", EditMyProfileView.as_view(), name="edit_me"),
    path("person/<str:pk>/", PersonView.as_view(), name="person"),
]
