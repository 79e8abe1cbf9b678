"""The hashtags of a page beside those of its text: a view of our own, so that it works for every page type."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_personalize.targeting.page_tree import page_model

from ..page_hashtags import added_to, in_text, labels_in, set_added


class HashtagsForm(forms.Form):
    hashtags = forms.CharField(
        label=gettext_lazy("Further hashtags"),
        required=False,
        max_length=2500,
        help_text=gettext_lazy(
            "Put a space or a comma between two hashtags, for example: #news, safety. They hold in all languages."
        ),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_hashtags(self) -> dict[str, str]:
        return labels_in(self.cleaned_data["hashtags"])


class PageHashtagsView(WagtailAdminTemplateMixin, FormView):
    """For those who may publish the page, because it takes effect at once."""

    template_name = "wagtail_personalize/streams/admin/page_hashtags.html"
    form_class = HashtagsForm
    header_icon = "tag"
    _show_breadcrumbs = True  # Wagtail 7.4 asks for it
    page_title = gettext_lazy("Hashtags")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(page_model(), pk=kwargs["page_id"]).specific

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.page.is_root() or not self.page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, str]:
        return {"hashtags": " ".join(map(str, added_to(self.page)))}

    def form_valid(self, form: HashtagsForm) -> HttpResponse:
        set_added(self.page, form.cleaned_data["hashtags"], self.request.user)
        title = self.page.get_admin_display_title()
        messages.success(self.request, _("The hashtags of “%(page)s” were saved.") % {"page": title})
        return redirect(self.edit_url)

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.edit_url, "label": self.page.get_admin_display_title()},
            {"url": "", "label": self.page_title},
        ]

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"page": self.page, "in_text": in_text(self.page), "edit_url": self.edit_url}
        return super().get_context_data(**kwargs, **more)
