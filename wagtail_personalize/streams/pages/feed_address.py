"""Making one's private feed address, and making it invalid."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import View

from ..feed_address import revoke, token_of


class FeedAddressView(LoginRequiredMixin, View):
    """By POST only. ``make`` makes an address when there is none, ``revoke`` makes the old one invalid."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("do") == "make":
            token_of(request.user)
            messages.success(request, _("You now have a private address for feeds."))
        elif request.POST.get("do") == "revoke":
            revoke(request.user)
            messages.success(request, _("Your old addresses for feeds are invalid now."))
        return redirect(self._back())

    def _back(self) -> str:
        wanted = self.request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, {self.request.get_host()}, self.request.is_secure()):
            return wanted
        return reverse("wagtail_personalize:recorded")
