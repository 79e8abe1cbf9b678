"""The addresses of the mails."""

from django.urls import path

from .clicks import ClickView
from .unsubscribing import UnsubscribeView

urlpatterns = [
    path("mail/unsubscribe/<str:token>/", UnsubscribeView.as_view(), name="unsubscribe"),
    path("mail/to/<str:token>/", ClickView.as_view(), name="mail_click"),
]
