"""Addresses of targeting in the admin."""

from django.urls import include, path

from .endpoints import reach_of_choice, segment_choices
from .report import AudienceReport
from .views import PageAudienceView

patterns = [
    path("", AudienceReport.as_view(), name="report"),
    path("results/", AudienceReport.as_view(results_only=True), name="report_results"),
    path("page/<int:page_id>/", PageAudienceView.as_view(), name="page_audience"),
    path("segments/", segment_choices, name="segment_choices"),
    path("reach/", reach_of_choice, name="reach"),
]

urlpatterns = [path("personalize/audiences/", include((patterns, "personalize_targeting")))]
