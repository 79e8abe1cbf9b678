"""Saying whether a page may be commented on: a view of our own, so that it works for every page type."""

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

from ..comments.models import Opening
from ..comments.opening import opening_of, set_opening


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The button *Comments…* in the header of a page, for those who may publish it."""
    if not page.is_root() and page.permissions_for_user(user).can_publish():
        url = reverse("personalize_comments_of_page:page", args=[page.pk])
        yield Button(_("Comments…"), url, icon_name="comment", priority=49)


class OpeningForm(forms.Form):
    opening = forms.TypedChoiceField(
        label=gettext_lazy("Comments on this page"),
        choices=Opening.choices,
        coerce=lambda text: Opening(int(text)),
        widget=forms.RadioSelect,
    )


class PageCommentsView(OfAPageMixin, FormView):
    """It takes effect at once, in all languages."""

    template_name = "wagtail_personalize/communities/admin/page_comments.html"
    form_class = OpeningForm
    header_icon = "comment"
    page_title = pgettext_lazy("of readers", "Comments")

    def get_initial(self) -> dict[str, Any]:
        return {"opening": opening_of(self.page.translation_key).value}

    def form_valid(self, form: OpeningForm) -> HttpResponse:
        set_opening(self.page, form.cleaned_data["opening"], self.request.user)
        messages.success(self.request, _("Saved."))
        return redirect(self.edit_url)


class OpeningFormatter(LogFormatter):
    """How the page history tells it."""

    label = gettext_lazy("Open, close or switch off comments")

    def format_message(self, log_entry: Any) -> str:
        name = (log_entry.data or {}).get("opening", "")
        words = {"open": _("open"), "closed": _("closed"), "off": _("switched off")}
        return _("Comments: %(state)s") % {"state": words.get(name, name)}


_patterns = [path("page/<int:page_id>/", PageCommentsView.as_view(), name="page")]

urlpatterns = [path("personalize/page-comments/", include((_patterns, "personalize_comments_of_page")))]
