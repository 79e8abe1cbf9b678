"""The pages of this room."""

from django.urls import path

from .mailing.urls import urlpatterns as mailing
from .notifications.urls import urlpatterns as notifications
from .pages.catalogue import CatalogueView
from .pages.feed import HashtagFeedView
from .pages.feed_address import FeedAddressView
from .pages.follow import FollowView
from .pages.hashtag import HashtagView
from .pages.interests import InterestsView
from .pages.shortcuts import ShortcutsView
from .pages.subscriptions import MySubscriptionsView, SubscriptionHistoryView
from .pages.suggest import SuggestView
from .people_widgets.views import WidgetFilterView
from .saved_filters.views import SavedFilterView
from .timeline.urls import urlpatterns as timeline

urlpatterns = [
    path("hashtags/", SuggestView.as_view(), name="suggest_hashtags"),
    path("hashtags/<str:key>/", HashtagView.as_view(), name="hashtag"),
    path("hashtags/<str:key>/<str:kind>/<str:token>/", HashtagFeedView.as_view(), name="hashtag_feed"),
    path("me/feed-address/", FeedAddressView.as_view(), name="feed_address"),
    path("sources/", CatalogueView.as_view(), name="catalogue"),
    path("follow/<str:kind>/<str:key>/", FollowView.as_view(), name="follow"),
    path("me/subscriptions/", MySubscriptionsView.as_view(), name="subscriptions"),
    path("me/subscriptions/history/", SubscriptionHistoryView.as_view(), name="subscription_history"),
    path("me/shortcuts/", ShortcutsView.as_view(), name="shortcuts"),
    path("me/interests/", InterestsView.as_view(), name="interests"),
    path("me/news/filters/", SavedFilterView.as_view(), name="new_filter"),
    path("me/news/filters/<int:pk>/", SavedFilterView.as_view(), name="saved_filter"),
    path("me/widgets/<str:name>/", WidgetFilterView.as_view(), name="widget_filter"),
    *timeline,
    *mailing,
    *notifications,
]
