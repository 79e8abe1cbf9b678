"""Changing the lists of named people by a pasted list or a file: enter, look at what it means, confirm.

Nothing is kept in between: the preview carries the text, and when it is confirmed all is worked out once more. If that
is something else than the editor saw, it is shown again instead of done.
"""

import csv
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.privacy.spreadsheets import neutral

from .manual_form import NamedPeopleForm
from .manual_matching import Left, Matched, match
from .manual_plan import Plan, planned
from .segment_page import ListChangeMixin

#: So many names and lines are shown; the rest is counted, and in the file.
MOST_SHOWN = 100


class ChangeNamedPeopleView(ListChangeMixin, WagtailAdminTemplateMixin, TemplateView):
    """For those who may change segments *and* see members: whoever may not could find out who works here."""

    template_name = "wagtail_personalize/segments/admin/named_people_change.html"
    page_title = gettext_lazy("Change the list")
    header_icon = "user"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._entering(NamedPeopleForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NamedPeopleForm(request.POST, request.FILES)
        if not form.is_valid() or "again" in request.POST:
            return self._entering(form)
        matched = match(form.entries)
        if "download" in request.POST:
            return left_out_file(f"{slugify(self.object.slug) or 'segment'}-not-found", matched.left_out)
        plan = planned(self.object, matched.people, form.cleaned_data["always"], form.cleaned_data["mode"])
        if request.POST.get("seen") == plan.digest:
            return self._done(plan, matched)
        return self._preview(form, matched, plan)

    def _entering(self, form: NamedPeopleForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def _preview(self, form: NamedPeopleForm, matched: Matched, plan: Plan) -> HttpResponse:
        if "seen" in self.request.POST:
            messages.warning(self.request, _("Something has changed in the meantime. Please look at it again."))
        shown = [*plan.added[:MOST_SHOWN], *plan.removed[:MOST_SHOWN]]
        self.log_look(LookAt.Kind.LISTS, _("List of named people of “%(name)s”"), shown)
        names = {person.pk: get_user_display_name(person) for person in _users(shown)}
        context = {
            "form": form,
            "plan": plan,
            "matched": matched,
            "added": [names[key] for key in plan.added[:MOST_SHOWN] if key in names],
            "removed": [names[key] for key in plan.removed[:MOST_SHOWN] if key in names],
            "left_out": matched.left_out[:MOST_SHOWN],
            "repeated": matched.repeated[:MOST_SHOWN],
            "impact": plan.impact,
        }
        return self.render_to_response(self.get_context_data(**context))

    def _done(self, plan: Plan, matched: Matched) -> HttpResponse:
        plan.apply(self.request.user)
        added, removed = len(plan.added), len(plan.removed)
        said = [ngettext("%(n)d person was added.", "%(n)d people were added.", added) % {"n": added}] if added else []
        if removed:
            said.append(ngettext("%(n)d person was removed.", "%(n)d people were removed.", removed) % {"n": removed})
        if left := len(matched.left_out):
            said.append(ngettext("%(n)d entry was left out.", "%(n)d entries were left out.", left) % {"n": left})
        messages.success(self.request, " ".join(said) or _("The list was like that already."))
        return redirect(reverse("personalize_segments:named_people", args=[self.object.pk]))


def left_out_file(name: str, rows: list[Left]) -> HttpResponse:
    """What fits nobody, as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_("Line"), _("Entry"), _("Reason")])
    writer.writerows([row.line, neutral(row.text), row.reason] for row in rows)
    return response


def _users(keys: list[Any]) -> Any:
    return get_user_model()._default_manager.filter(pk__in=keys)
