"""Notifying people of a page: a view of our own, so that it works for every page type.

First whom and what; then the figures, and only then it is sent.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.widgets.button import Button

from wagtail_personalize.conf import get_settings
from wagtail_personalize.privacy.limits import take_live_size
from wagtail_personalize.privacy.sizes import shown_size
from wagtail_personalize.segments.admin.permissions import may_see_members
from wagtail_personalize.targeting.admin.of_a_page import OfAPageMixin
from wagtail_personalize.targeting.admin.sizes import tell_about_personal
from wagtail_personalize.targeting.inheritance import Inheritance

from .sending import ASK_ABOVE, Reach, may_send, reach_of, send, sent_about, stop

EVERYBODY, FOLLOWERS = "everybody", "followers"


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The button *Notify people…* in the header of a page."""
    if may_send(page, user):
        url = reverse("personalize_notifications:notify", args=[page.pk])
        yield Button(_("Notify people…"), url, icon_name="mail", priority=49)


class NotifyForm(forms.Form):
    whom = forms.ChoiceField(
        label=gettext_lazy("Whom?"),
        choices=[
            (EVERYBODY, gettext_lazy("Everybody whom the page concerns")),
            (FOLLOWERS, gettext_lazy("Only those who follow it, or what it belongs to")),
        ],
        initial=FOLLOWERS,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Say something about it"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("A sentence, if one is needed; the title of the page stands beside it."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class Figures:
    """Whom it reaches, as exactly as this editor may know it."""

    def __init__(self, page: Any, user: Any, reach: Reach) -> None:
        self.reach, self.exact = reach, may_see_members(user)
        choice = Inheritance.load().at(page.path)
        personal = tell_about_personal(choice.access | choice.recommendation)
        self.is_told = self.exact or (not personal and take_live_size(user))

    @property
    def sentences(self) -> list[str]:
        if not self.is_told:
            return [_("How many people that is cannot be told to you now.")]
        words = {"people": self._size(self.reach.people), "by_mail": self._size(self.reach.by_mail)}
        found = [_("Reaches %(people)s: %(by_mail)s by e-mail.") % words]
        if self.reach.people >= get_settings().FLOOR:
            each = number_format(self.reach.messages / self.reach.people, decimal_pos=1)
            words = {"number": each}
            found.append(_("On average each of them got %(number)s messages in the last seven days.") % words)
        return found

    @property
    def needs_confirmation(self) -> bool:
        """That a question is asked tells no figure."""
        return self.reach.is_large or not self.is_told

    def _size(self, number: int) -> str:
        return shown_size(number, self.exact)


class NotifyView(OfAPageMixin, FormView):
    template_name = "wagtail_personalize/streams/notifications/notify.html"
    form_class = NotifyForm
    header_icon = "mail"
    page_title = gettext_lazy("Notify people")

    def may_open(self) -> bool:
        return may_send(self.page, self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if pk := request.POST.get("stop"):
            self._stop(pk)
            return redirect(request.path)
        if request.POST.get("do") == "back":
            return self.render_to_response(self.get_context_data(form=NotifyForm(initial=request.POST.dict())))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: NotifyForm) -> HttpResponse:
        user, to_everybody = self.request.user, form.cleaned_data["whom"] == EVERYBODY
        reach = reach_of(self.page, user, to_everybody)
        do, sure = self.request.POST.get("do"), self.request.POST.get("sure") == "yes"
        if do != "send" or ((reach.is_large or not may_see_members(user)) and not sure):
            figures = Figures(self.page, user, reach)
            context = {"figures": figures, "ask_above": ASK_ABOVE, "was_asked": do == "send"}
            return self.render_to_response(self.get_context_data(form=form) | context)
        send(self.page, user, to_everybody=to_everybody, text=form.cleaned_data["text"])
        title = self.page.get_admin_display_title()
        messages.success(self.request, _("People are being notified of “%(page)s”.") % {"page": title})
        return redirect(self.request.path)

    def _stop(self, pk: str) -> None:
        sent = next((one for one in sent_about(self.page) if str(one.notice.pk) == pk), None)
        if sent is not None and stop(self.page, sent.notice, self.request.user):
            messages.success(self.request, _("It was stopped. Who was told already stays told."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sent": sent_about(self.page)}


_patterns = [path("page/<int:page_id>/", NotifyView.as_view(), name="notify")]

urlpatterns = [path("personalize/notify/", include((_patterns, "personalize_notifications")))]
