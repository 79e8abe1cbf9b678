"""The addresses of reactions."""

from django.urls import path

from .views import ReactView, WhoReactedView

urlpatterns = [
    path("reactions/<uuid:key>/", ReactView.as_view(), name="page_reactions"),
    path("reactions/<uuid:key>/who/", WhoReactedView.as_view(), name="who_reacted"),
    path("comments/<int:pk>/reactions/", ReactView.as_view(), name="comment_reactions"),
    path("comments/<int:pk>/reactions/who/", WhoReactedView.as_view(), name="who_reacted_to_comment"),
]
