"""Hashtags that begin like what was typed, for a field that completes them."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.segments.viewer import viewer_for

from ..hashtag_labels import label_of
from ..suggesting import suggestions


@method_decorator(never_cache, name="dispatch")
class SuggestView(LoginRequiredMixin, View):
    """``?q=ne`` answers ``{"hashtags": [{"label": "News", "pages": "12 pages"}]}``: what exists for whoever asks."""

    def get(self, request: HttpRequest) -> JsonResponse:
        found = suggestions(request.GET.get("q", "")[:100], viewer_for(request))
        return JsonResponse(
            {"hashtags": [{"label": label_of(hashtag), "pages": _said(hashtag.pages)} for hashtag in found]}
        )


def _said(number: int) -> str:
    return ngettext("%(number)s page", "%(number)s pages", number) % {"number": number}
