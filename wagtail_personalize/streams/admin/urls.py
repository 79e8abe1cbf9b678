"""Addresses of this room in the admin."""

from django.urls import include, path

from .page_view import PageHashtagsView
from .rule_views import OneRuleView, PageRulesView, SegmentRulesView

patterns = [
    path("page-hashtags/page/<int:page_id>/", PageHashtagsView.as_view(), name="page_hashtags"),
    path("auto-subscriptions/page/<int:page_id>/", PageRulesView.as_view(), name="page_rules"),
    path("auto-subscriptions/segment/<int:pk>/", SegmentRulesView.as_view(), name="segment_rules"),
    path("auto-subscriptions/<int:rule_id>/", OneRuleView.as_view(), name="rule"),
]

urlpatterns = [path("personalize/", include((patterns, "personalize_streams")))]
