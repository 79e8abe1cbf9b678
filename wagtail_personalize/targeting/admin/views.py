"""The audience of a page: a view of our own, so that it works for every page type."""

from typing import Any

from django.contrib import messages as django_messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from wagtail_personalize.privacy.limits import take_live_size

from ..audience_choice import AudienceChoice
from ..audiences import clauses_of
from ..clauses import Clause, Clauses
from ..page_audiences import RESTRICT, set_page_audience
from .forms import PageAudienceForm
from .of_a_page import OfAPageMixin
from .status import PageStatus


class PageAudienceView(OfAPageMixin, FormView):
    """Recommend a page to people, or restrict it to them. Takes effect at once."""

    template_name = "wagtail_personalize/targeting/admin/page_audience.html"
    form_class = PageAudienceForm
    header_icon = "group"
    page_as = "specific_deferred"
    page_title = gettext_lazy("Audience")

    @cached_property
    def status(self) -> PageStatus:
        return PageStatus(self.page, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        chosen = {uuid for name in ("recommend", "restrict") for c in self._own(name) for uuid in c.segment_uuids}
        return super().get_form_kwargs() | {"user": user, "may_restrict": user.has_perm(RESTRICT), "chosen": chosen}

    def get_initial(self) -> dict[str, Any]:
        return {name: stored_choice(self._own(name)) for name in ("recommend", "restrict")}

    def form_valid(self, form: PageAudienceForm) -> HttpResponse:
        restrict, recommend = self._chosen(form, "restrict"), self._chosen(form, "recommend")
        set_page_audience(self.page, self.request.user, restrict, recommend)
        django_messages.success(self.request, self._saved())
        return redirect(self.edit_url)

    def _saved(self) -> str:
        """That it was saved and, as far as the editor may see one more size, whom it reaches."""
        status, title = PageStatus(self.page, self.request.user), self.page.get_admin_display_title()
        if (status.exact or take_live_size(self.request.user)) and status.size:
            words = {"page": title, "people": status.size}
            return _("The audience of “%(page)s” was saved. It reaches %(people)s.") % words
        return _("The audience of “%(page)s” was saved.") % {"page": title}

    def _chosen(self, form: PageAudienceForm, name: str) -> Clauses:
        """What the form says; what it left as it was stays whole, even if the form cannot show all of it."""
        initial = AudienceChoice.from_raw(form.get_initial_for_field(form.fields[name], name)).clause
        clause = form.clause(name)
        if form.fields[name].disabled or (clause or Clause()) == initial:
            return self._own(name)
        return frozenset({clause} if clause else ())

    def _own(self, name: str) -> Clauses:
        own = self.status.own
        return clauses_of(own and (own.access if name == "restrict" else own.recommendation))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        *above, here = super().get_breadcrumbs_items()
        return [*above, here | {"sublabel": self.page.get_admin_display_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        several = [name for name in ("recommend", "restrict") if len(self._own(name)) > 1]
        return context | {"status": self.status, "several": several}


def stored_choice(clauses: Clauses) -> dict[str, list[str]] | None:
    """What the form can show: one clause, always the same one. Those that an alias left behind may be more."""
    clause = min(clauses, key=lambda c: (sorted(c.include), sorted(c.exclude)), default=None)
    return {"include": sorted(clause.include), "exclude": sorted(clause.exclude)} if clause else None
