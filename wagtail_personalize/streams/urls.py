"""The pages of this room."""

from django.urls import path

from .pages.feed import HashtagFeedView
from .pages.feed_address import FeedAddressView
from .pages.hashtag import HashtagView
from .pages.suggest import SuggestView

urlpatterns = [
    path("hashtags/", SuggestView.as_view(), name="suggest_hashtags"),
    path("hashtags/<str:key>/", HashtagView.as_view(), name="hashtag"),
    path("hashtags/<str:key>/<str:kind>/<str:token>/", HashtagFeedView.as_view(), name="hashtag_feed"),
    path("me/feed-address/", FeedAddressView.as_view(), name="feed_address"),
]
