"""The addresses of the mails."""

from django.urls import path

from .unsubscribing import UnsubscribeView

urlpatterns = [path("mail/unsubscribe/<str:token>/", UnsubscribeView.as_view(), name="unsubscribe")]
