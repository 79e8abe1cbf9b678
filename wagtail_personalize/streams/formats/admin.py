"""Saying what format a page is: a view of our own, so that it works for every page type."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import FormView
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter

from wagtail_personalize.targeting.admin.of_a_page import OfAPageMixin

from .finding import found_in
from .models import Format
from .page_formats import choose, chosen_for


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The button *Format…* in the header of a page, for those who may publish it."""
    if not page.is_root() and page.permissions_for_user(user).can_publish():
        yield Button(_("Format…"), reverse("personalize_formats:page", args=[page.pk]), icon_name="media", priority=49)


class FormatForm(forms.Form):
    format = forms.TypedChoiceField(
        label=pgettext_lazy("kind of content", "Format"),
        coerce=lambda text: Format(int(text)),
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Readers can filter their news by it."),
    )

    def __init__(self, *args: Any, found: Format, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_found = _("What the content shows: %(format)s") % {"format": found.label}
        self.fields["format"].choices = [("", as_found), *Format.choices]


class PageFormatView(OfAPageMixin, FormView):
    """It takes effect at once, in all languages."""

    template_name = "wagtail_personalize/streams/admin/page_format.html"
    form_class = FormatForm
    header_icon = "media"
    page_title = pgettext_lazy("kind of content", "Format")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"found": found_in(self.page)}

    def get_initial(self) -> dict[str, Any]:
        chosen = chosen_for(self.page)
        return {"format": "" if chosen is None else chosen.value}

    def form_valid(self, form: FormatForm) -> HttpResponse:
        choose(self.page, form.cleaned_data["format"], self.request.user)
        title = self.page.get_admin_display_title()
        messages.success(self.request, _("The format of “%(page)s” was saved.") % {"page": title})
        return redirect(self.edit_url)


class FormatFormatter(LogFormatter):
    """How the page history tells it."""

    label = gettext_lazy("Change the format")

    def format_message(self, log_entry: Any) -> str:
        slug = (log_entry.data or {}).get("format")
        chosen = next((one.label for one in Format if one.slug == slug), "")
        return _("Format: %(format)s") % {"format": chosen or _("what the content shows")}


_patterns = [path("page/<int:page_id>/", PageFormatView.as_view(), name="page")]

urlpatterns = [path("personalize/formats/", include((_patterns, "personalize_formats")))]
