"""The pages of this room."""

from django.urls import path

from .answers.views import HelpfulView
from .beacon.views import TokenView, beacon
from .objecting.views import MeasurementView

urlpatterns = [
    path("measure/", beacon, name="beacon"),
    path("measure/token/", TokenView.as_view(), name="view_token"),
    path("helpful/<uuid:key>/", HelpfulView.as_view(), name="helpful"),
    path("me/measurement/", MeasurementView.as_view(), name="measurement"),
]
