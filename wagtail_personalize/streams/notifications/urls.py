"""The addresses of notifications."""

from django.urls import path

from .views import BellView, NotificationsView, OpenView, PreferencesView, ReadAllView, ReadView

urlpatterns = [
    path("me/notifications/", NotificationsView.as_view(), name="notifications"),
    path("me/notifications/bell/", BellView.as_view(), name="notification_bell"),
    path("me/notifications/read/", ReadAllView.as_view(), name="notifications_read"),
    path("me/notifications/<int:pk>/open/", OpenView.as_view(), name="notification_open"),
    path("me/notifications/<int:pk>/read/", ReadView.as_view(), name="notification_read"),
    path("me/notifications/preferences/", PreferencesView.as_view(), name="notification_preferences"),
]
