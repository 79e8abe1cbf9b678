"""The hashtags of a page beside those of its text: a view of our own, so that it works for every page type."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from wagtail_personalize.targeting.admin.of_a_page import OfAPageMixin

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


class PageHashtagsView(OfAPageMixin, FormView):
    template_name = "wagtail_personalize/streams/admin/page_hashtags.html"
    form_class = HashtagsForm
    header_icon = "tag"
    page_title = gettext_lazy("Hashtags")

    def get_initial(self) -> dict[str, str]:
        return {"hashtags": " ".join(map(str, added_to(self.page)))}

    def form_valid(self, form: HashtagsForm) -> HttpResponse:
        set_added(self.page, form.cleaned_data["hashtags"], self.request.user)
        title = self.page.get_admin_display_title()
        messages.success(self.request, _("The hashtags of “%(page)s” were saved.") % {"page": title})
        return redirect(self.edit_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, in_text=in_text(self.page))
