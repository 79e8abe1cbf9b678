"""The page *Measurement*: what is counted and how, and a button to be left out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.segments.viewer import viewer_for

from ..beacon.refusals import browser_objects
from .objections import objection_of, set_objection


@method_decorator(never_cache, name="dispatch")
class MeasurementView(LoginRequiredMixin, TemplateView):
    """Everybody decides for themselves: no address names a person."""

    template_name = "wagtail_personalize/engagement/measurement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            objection=objection_of(self.request.user.pk),
            browser_objects=browser_objects(self.request),
            floor=rules().floor,
            is_measured=rules().is_measured,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        viewer, do = viewer_for(request), request.POST.get("do")
        if viewer.is_preview:
            messages.warning(request, _("You are looking at the site as somebody else, so nothing was changed."))
        elif do in ("object", "undo"):
            set_objection(request.user.pk, do == "object")
            messages.success(request, _said(do == "object"))
        return redirect("wagtail_personalize:measurement")


def _said(objects: bool) -> str:
    return _("From now on you are not counted.") if objects else _("From now on you are counted again.")
