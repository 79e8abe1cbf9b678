"""The page on which readers narrow a widget down for themselves. Shown by GET, stored by POST."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.facets import facets
from wagtail_personalize.segments.viewer import viewer_for

from ..pages.missing import missing
from .kinds import WIDGETS
from .remembering import filters_of, remember


def filter_form(data: Any = None, **kwargs: Any) -> forms.Form:
    """A list to choose from for each facet of the directory that has something to choose."""
    fields: dict[str, forms.Field] = {}
    for facet in facets():
        if options := facet.options():
            fields[facet.attribute.name] = forms.ChoiceField(
                choices=[("", _("All")), *options], label=facet.attribute.label, required=False
            )
    return type("WidgetFilterForm", (forms.Form,), fields)(data, label_suffix="", **kwargs)


@method_decorator(never_cache, name="dispatch")
class WidgetFilterView(LoginRequiredMixin, View):
    """One widget of the person who is signed in; no address names a person."""

    template_name = "wagtail_personalize/streams/widget_filter.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.widget, self.viewer = WIDGETS.get(kwargs["name"]), viewer_for(request)
        if self.widget is None or self.viewer.person_id is None or get_declaration() is None:
            return missing(request)
        if self.viewer.is_preview:
            messages.warning(request, _("You are looking at the site as somebody else, so nothing was changed."))
            return redirect(self.back())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        return self._page(filter_form(initial=filters_of(self.viewer, name)))

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        if "everybody" in request.POST:
            remember(self.viewer.person_id, name, {})
            return redirect(self.back())
        form = filter_form(request.POST)
        if not form.is_valid():
            return self._page(form)
        remember(self.viewer.person_id, name, form.cleaned_data)
        messages.success(request, _("This is remembered for you."))
        return redirect(self.back())

    def back(self) -> str:
        """Where the widget stood."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, {self.request.get_host()}, self.request.is_secure()):
            return wanted
        return "/"

    def _page(self, form: forms.Form) -> HttpResponse:
        context = {"widget": self.widget, "form": form, "next_url": self.back()}
        return render(self.request, self.template_name, context)
