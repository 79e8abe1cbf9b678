"""The addresses of comments."""

from django.urls import path

from .views import CommentsView, CommentView, OpeningView, PeopleView, ReportView

urlpatterns = [
    path("comments/<uuid:key>/", CommentsView.as_view(), name="comments"),
    path("comments/<uuid:key>/people/", PeopleView.as_view(), name="comment_people"),
    path("comments/<uuid:key>/opening/", OpeningView.as_view(), name="comments_opening"),
    path("comments/<int:pk>/", CommentView.as_view(), name="comment"),
    path("comments/<int:pk>/report/", ReportView.as_view(), name="report_comment"),
]
