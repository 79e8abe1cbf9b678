"""What the addresses that change somebody's subscriptions have in common: POST, signed in, oneself, and back again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.segments.viewer import viewer_for


@method_decorator(never_cache, name="dispatch")
class ChangingView(LoginRequiredMixin, View):
    """Only for whoever is signed in and is not looking at the site as somebody else."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.user.is_authenticated and viewer_for(request).is_preview:
            messages.warning(request, _("You are looking at the site as somebody else, so nothing was changed."))
            return redirect(self.back())
        return super().dispatch(request, *args, **kwargs)

    def back(self) -> str:
        """Where the form stood."""
        wanted = self.request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, {self.request.get_host()}, self.request.is_secure()):
            return wanted
        return reverse("wagtail_personalize:subscriptions")

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks, which puts the answer in place of the form."""
        return self.request.headers.get("HX-Request") == "true"
