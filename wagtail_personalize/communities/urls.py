"""The pages of this room."""

from django.urls import path

from .bookmarks.views import BookmarksView, BookmarkView
from .comments.urls import urlpatterns as comments
from .reactions.urls import urlpatterns as reactions
from .sharing import ShareView

urlpatterns = [
    path("me/bookmarks/", BookmarksView.as_view(), name="bookmarks"),
    path("bookmarks/<uuid:key>/", BookmarkView.as_view(), name="bookmark"),
    path("share/<uuid:key>/", ShareView.as_view(), name="share"),
    *comments,
    *reactions,
]
