"""Addresses of this room, under the namespace ``wagtail_personalize``."""

from django.urls import path

from .content.views import choose_depth, put_away

urlpatterns = [
    path("announcements/<int:key>/put-away/", put_away, name="put_away"),
    path("depth/<slug:slug>/", choose_depth, name="choose_depth"),
]
