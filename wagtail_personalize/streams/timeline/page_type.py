"""The timeline as a page of the site's own tree, with the site's own page type:

    class NewsForMePage(TimelinePageMixin, Page):
        max_count = 1

Editors give it a title, a place in the menu and an audience like any page; readers find what the view shows them.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse


class TimelinePageMixin:
    """Shows whoever is signed in their timeline; others are asked to sign in.

    ``timeline_template`` is rendered with what the view's own template gets, and with ``page``.
    """

    timeline_template = "wagtail_personalize/streams/timeline.html"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from .views import TimelineView  # not while models are loaded

        return TimelineView.as_view(template_name=self.timeline_template, page=self)(request)
