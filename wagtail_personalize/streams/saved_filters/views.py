"""The pages on which readers keep the filters of their news. Nothing is changed by GET."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.segments.viewer import viewer_for

from ..formats.choosing import with_query
from ..pages.missing import missing
from .forms import FilterForm
from .reading import filters_for
from .saving import TooMany, forget_filter, save_filter

TEMPLATE = "wagtail_personalize/streams/saved_filter.html"


@method_decorator(never_cache, name="dispatch")
class SavedFilterView(LoginRequiredMixin, View):
    """A new filter, or one of one's own; somebody else's is a missing page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.viewer, pk = viewer_for(request), kwargs.get("pk")
        if self.viewer.is_preview:
            messages.warning(request, _("You are looking at the site as somebody else, so nothing was changed."))
            return redirect("wagtail_personalize:timeline")
        self.known = (
            next((one for one in filters_for(self.viewer) if one.is_own and one.pk == pk), None) if pk else None
        )
        if self.viewer.person_id is None or (pk and self.known is None):
            return missing(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        return self._page(FilterForm(viewer=self.viewer, known=self.known))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        if pk and "delete" in request.POST:
            forget_filter(self.viewer.person_id, pk)
            messages.success(request, _("The filter is deleted."))
            return redirect("wagtail_personalize:timeline")
        form = FilterForm(request.POST, viewer=self.viewer, known=self.known)
        if not form.is_valid():
            return self._page(form)
        values = form.cleaned_data
        try:
            saved = save_filter(self.viewer.person_id, values["name"], values["sources"], values["formats"], pk)
        except TooMany as error:
            form.add_error(None, str(error))
            return self._page(form)
        return redirect(with_query(reverse("wagtail_personalize:timeline"), filter=saved.pk))

    def _page(self, form: FilterForm) -> HttpResponse:
        return render(self.request, TEMPLATE, {"form": form, "known": self.known})
