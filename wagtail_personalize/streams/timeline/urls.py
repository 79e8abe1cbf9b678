"""The addresses of the timeline."""

from django.urls import path

from .views import AllNewsView, LookedView, MustKnowReadView, TimelineView

urlpatterns = [
    path("me/news/", TimelineView.as_view(), name="timeline"),
    path("me/news/looked/", LookedView.as_view(), name="looked"),
    path("me/news/read/<int:pk>/", MustKnowReadView.as_view(), name="must_know_read"),
    path("news/", AllNewsView.as_view(), name="all_news"),
]
