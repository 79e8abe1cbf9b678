"""Marking a page that everybody whom it concerns must know: a view of our own, so that it works for every page type."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import Button

from wagtail_personalize.targeting.admin.of_a_page import OfAPageMixin

from .must_know import MARK, MOST_DAYS, mark, mark_of


def may_mark(page: Any, user: Any) -> bool:
    """Whoever may publish the page and has the permission."""
    return not page.is_root() and user.has_perm(MARK) and page.permissions_for_user(user).can_publish()


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The button *Must-know…* in the header of a page."""
    if may_mark(page, user):
        url = reverse("personalize_timeline:must_know", args=[page.pk])
        yield Button(_("Must-know…"), url, icon_name="warning", priority=48)


class MustKnowForm(forms.Form):
    until = forms.DateField(label=gettext_lazy("Until the end of"), widget=AdminDateInput)

    def clean_until(self) -> date:
        until, today = self.cleaned_data["until"], timezone.localdate()
        if until < today:
            raise ValidationError(_("This day is over already."))
        if until > today + timedelta(days=MOST_DAYS):
            raise ValidationError(
                ngettext(
                    "Choose a day within the next %(number)d day.",
                    "Choose a day within the next %(number)d days.",
                    MOST_DAYS,
                )
                % {"number": MOST_DAYS}
            )
        return until


class MustKnowView(OfAPageMixin, FormView):
    """It takes effect at once, in all languages."""

    template_name = "wagtail_personalize/streams/admin/must_know.html"
    form_class = MustKnowForm
    header_icon = "warning"
    page_title = gettext_lazy("Must-know")

    def may_open(self) -> bool:
        return may_mark(self.page, self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" in request.POST:
            mark(self.page, None, request.user)
            messages.success(request, _("“%(page)s” is no longer must-know.") % {"page": self._title})
            return redirect(self.edit_url)
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, date]:
        known = mark_of(self.page)
        return {"until": timezone.localdate(known.until) if known else timezone.localdate() + timedelta(days=7)}

    def form_valid(self, form: MustKnowForm) -> HttpResponse:
        until = timezone.make_aware(datetime.combine(form.cleaned_data["until"], time.max))
        mark(self.page, until, self.request.user)
        messages.success(self.request, _("“%(page)s” is must-know now.") % {"page": self._title})
        return redirect(self.edit_url)

    @property
    def _title(self) -> str:
        return self.page.get_admin_display_title()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, mark=mark_of(self.page))


_patterns = [path("page/<int:page_id>/", MustKnowView.as_view(), name="must_know")]

urlpatterns = [path("personalize/must-know/", include((_patterns, "personalize_timeline")))]
