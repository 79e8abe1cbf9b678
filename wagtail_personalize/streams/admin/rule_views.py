"""Subscribing people automatically: at a page, at a segment, and one rule.

Each view shows what a rule would do before it is set, and asks once more when that is much.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_personalize.segments.admin.segment_page import about_url, places
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rights import may_manage
from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.targeting.doors.known import page_or_404
from wagtail_personalize.targeting.page_tree import page_model

from ..automatic.models import Mode, SubscriptionRule
from ..automatic.rules import Wanted, may_change, refuse, rules_with, set_rule, touched
from ..sources.finding import label_for_editors, labels_for_editors, name_of, source_for
from ..sources.models import Source
from ..sources.pages import LEAST_DEPTH, PAGE
from .rule_forms import AddToSegmentForm, AddToSourceForm, RuleForm
from .rule_rights import rules_to_open
from .rule_words import Told

_FOLDER = "wagtail_personalize/streams/admin"


class RuleView(WagtailAdminTemplateMixin, FormView):
    """What the three views have in common: show, ask, do."""

    header_icon = "mail"
    _show_breadcrumbs = True  # Wagtail 7.4 asks for it
    page_title = gettext_lazy("Subscribe automatically")
    template_name = f"{_FOLDER}/rules.html"
    confirm_template_name = f"{_FOLDER}/confirm_rule.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_change(request.user) or not self.may_open():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may_open(self) -> bool:
        raise NotImplementedError

    def wanted(self, form: RuleForm) -> Wanted:
        """The rule as the form says it."""
        raise NotImplementedError

    @property
    def here(self) -> str:
        return self.request.path

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: RuleForm) -> HttpResponse:
        wanted, user = self.wanted(form), self.request.user
        try:
            refuse(wanted, user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        told = Told(wanted, user, touched(wanted))
        do = self.request.POST.get("do")
        if do == "look":
            return self.render_to_response(self.get_context_data(form=form, told=told.sentences))
        if told.needs_confirmation and do != "confirm":
            return self.ask(form, wanted, told)
        keep = self.request.POST.get("keep_people") != "end"
        set_rule(wanted, user, keep_people=keep)
        messages.success(self.request, " ".join([_("Saved."), *(told.sentences if do != "confirm" else [])]))
        return redirect(self.here if not self.kwargs.get("rule_id") else self.back_url)

    def ask(self, form: RuleForm, wanted: Wanted, told: Told) -> HttpResponse:
        context = self.get_context_data(form=form, told=told.sentences, wanted=wanted) | {
            "sent": [(name, self.request.POST[name]) for name in form.fields if name in self.request.POST],
            "is_switching_off": told.is_switching_off,
            "mode": Mode(wanted.mode).short,
            "source": label_for_editors(wanted.source, viewer_for(self.request)),
        }
        return self.response_class(self.request, [self.confirm_template_name], context)

    def rows(self, **about: Any) -> list[dict[str, Any]]:
        """The rules that there are."""
        rules = list(rules_with(**about))
        labels = labels_for_editors((rule.source for rule in rules), viewer_for(self.request))
        opened = rules_to_open(rules, self.request.user)
        return [
            {
                "rule": rule,
                "source": labels[rule.source_id],
                "mode": Mode(rule.mode).short,
                "url": reverse("personalize_streams:rule", args=[rule.pk]) if rule.pk in opened else "",
            }
            for rule in rules
        ]


class PageRulesView(RuleView):
    """At a page, for those who may publish it."""

    form_class = AddToSourceForm

    @cached_property
    def page(self) -> Any:
        page = page_or_404(self.kwargs["page_id"])
        if page.depth < LEAST_DEPTH:
            raise Http404
        return page.specific

    def may_open(self) -> bool:
        return self.page.permissions_for_user(self.request.user).can_publish()

    def wanted(self, form: RuleForm) -> Wanted:
        data = form.cleaned_data
        return Wanted(source_for(name_of(self.page)), data["segment"], data["mode"], data["grace_days"])

    @property
    def back_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"url": self.back_url, "label": self.page.get_admin_display_title()}
        return [*self.breadcrumbs_items, own, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind, key = name_of(self.page)
        source = Source.objects.filter(kind=kind, key=key).first()
        more = {
            "rows": self.rows(source=source) if source else [],
            "about": self.page.get_admin_display_title(),
            "at_page": True,
            "back_url": self.back_url,
            "back_words": _("Back to the page"),
        }
        return super().get_context_data(**kwargs) | more


class SegmentRulesView(RuleView):
    """At a segment, for those who manage segments."""

    form_class = AddToSegmentForm

    @cached_property
    def segment(self) -> Segment:
        return get_object_or_404(Segment, pk=self.kwargs["pk"])

    def may_open(self) -> bool:
        return bool(may_manage(self.request.user) and self.segment)

    def wanted(self, form: RuleForm) -> Wanted:
        return Wanted(
            source_for(form.source_name), self.segment, form.cleaned_data["mode"], form.cleaned_data["grace_days"]
        )

    @property
    def back_url(self) -> str:
        return about_url(self.segment)

    def get_page_subtitle(self) -> str:
        return self.segment.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"url": self.back_url, "label": self.segment.name}
        return [*self.breadcrumbs_items, own, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {
            "rows": self.rows(segment=self.segment),
            "about": self.segment.name,
            "at_page": False,
            "places": places(self.segment, self.request.user, PLACE),
            "back_url": self.back_url,
            "back_words": _("Back to the segment"),
        }
        return super().get_context_data(**kwargs) | more


class OneRuleView(RuleView):
    """One rule: change it or switch it off."""

    form_class = RuleForm
    template_name = f"{_FOLDER}/rule.html"

    @cached_property
    def rule(self) -> SubscriptionRule:
        rules = SubscriptionRule.objects.select_related("source", "segment")
        return get_object_or_404(rules, pk=self.kwargs["rule_id"])

    @cached_property
    def page(self) -> Any:
        """The page that it is about, if it is one."""
        if self.rule.source.kind != PAGE:
            return None
        return page_model().objects.filter(translation_key=self.rule.source.key).order_by("pk").first()

    def may_open(self) -> bool:
        return bool(rules_to_open([self.rule], self.request.user))

    def get_initial(self) -> dict[str, Any]:
        return {"mode": self.rule.mode, "grace_days": self.rule.grace_days}

    def wanted(self, form: RuleForm) -> Wanted:
        data = form.cleaned_data
        return Wanted(self.rule.source, self.rule.segment, data["mode"], data["grace_days"])

    @property
    def back_url(self) -> str:
        if self.page is not None:
            return reverse("personalize_streams:page_rules", args=[self.page.pk])
        return reverse("personalize_streams:segment_rules", args=[self.rule.segment_id])

    def get_page_subtitle(self) -> str:
        return f"{self.rule.segment} → {label_for_editors(self.rule.source, viewer_for(self.request))}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"url": self.back_url, "label": self.page_title}
        return [*self.breadcrumbs_items, own, {"url": "", "label": self.get_page_subtitle()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"rule": self.rule, "back_url": self.back_url}


PLACE = "subscription_rules"


def place(segment: Segment, user: Any) -> tuple[str, str, str] | None:
    """The way from the pages about a segment."""
    if not (may_change(user) and may_manage(user)):
        return None
    return PLACE, _("Auto-subscription"), reverse("personalize_streams:segment_rules", args=[segment.pk])
