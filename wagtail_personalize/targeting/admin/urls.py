"""Addresses of targeting in the admin."""

from django.urls import include, path

from ..preview_combinations import combinations_view
from ..preview_people import people_view
from .collections import CollectionAudienceView
from .endpoints import reach_of_choice, segment_choices
from .report import AudienceReport
from .seeing import check_page
from .viewing_as import ViewAsView, end_view_as
from .views import PageAudienceView

patterns = [
    path("", AudienceReport.as_view(), name="report"),
    path("results/", AudienceReport.as_view(results_only=True), name="report_results"),
    path("page/<int:page_id>/", PageAudienceView.as_view(), name="page_audience"),
    path("collection/<int:collection_id>/", CollectionAudienceView.as_view(), name="collection_audience"),
    path("segments/", segment_choices, name="segment_choices"),
    path("page/<int:page_id>/check/", check_page, name="check_page"),
    path("reach/", reach_of_choice, name="reach"),
    path("preview/combinations/<int:page_id>/", combinations_view, name="preview_combinations"),
    path("view-as/end/", end_view_as, name="view_as_end"),
    path("view-as/<int:page_id>/", ViewAsView.as_view(), name="view_as"),
    path("preview/people/", people_view, name="preview_people"),
]

urlpatterns = [path("personalize/audiences/", include((patterns, "personalize_targeting")))]
