"""My subscriptions: what I follow and why, my shortcuts, and what happened when."""

from itertools import groupby
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from wagtail_personalize.segments.viewer import viewer_for

from ..follow_control import as_control
from ..subscribing.history import history_of
from ..subscribing.reading import Followed, followed_by, suggested_to
from ..subscribing.reasons import reasons
from ..subscribing.shortcuts import shortcuts_of

PER_PAGE = 60


@method_decorator(never_cache, name="dispatch")
class MySubscriptionsView(LoginRequiredMixin, TemplateView):
    """Everybody sees their own; no address names a person. A fixed number of queries."""

    template_name = "wagtail_personalize/streams/subscriptions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = viewer_for(self.request)
        viewer.mark()
        page = Paginator(followed_by(viewer), PER_PAGE).get_page(self.request.GET.get("page"))
        why = reasons(one.subscription for one in page)
        return super().get_context_data(
            page=page,
            groups=_by_kind(page.object_list, why, self.request.get_full_path()),
            shortcuts=shortcuts_of(viewer),
            suggested=suggested_to(viewer, 6) if page.number == 1 else [],
            **kwargs,
        )


def _by_kind(followed: list[Followed], why: dict[int, str], here: str) -> list[tuple[Any, list[dict[str, Any]]]]:
    groups = groupby(followed, key=lambda one: one.shown.kind)
    return [
        (kind, [as_control(one.shown, one.subscription, why, here) | {"followed": one} for one in some])
        for kind, some in groups
    ]


@method_decorator(never_cache, name="dispatch")
class SubscriptionHistoryView(LoginRequiredMixin, TemplateView):
    """When I began and stopped following what, and why."""

    template_name = "wagtail_personalize/streams/subscription_history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = viewer_for(self.request)
        viewer.mark()
        days = groupby(history_of(viewer), key=lambda step: step.day)
        return super().get_context_data(days=[(day, list(steps)) for day, steps in days], **kwargs)
