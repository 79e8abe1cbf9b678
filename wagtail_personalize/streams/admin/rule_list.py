"""*Auto-subscription* in the menu of the admin: all rules in one list, for those who look after segments."""

from typing import Any

from django.db.models import Count, QuerySet
from django.forms import CheckboxSelectMultiple
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, ModelChoiceFilter, MultipleChoiceFilter
from wagtail import permissions
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_personalize.people.names import person_name
from wagtail_personalize.privacy.sizes import shown_size
from wagtail_personalize.privacy.spreadsheets import NeutralExportMixin
from wagtail_personalize.segments.admin.menu import MENU_HOOK
from wagtail_personalize.segments.admin.permissions import may_see_members
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rights import may_manage
from wagtail_personalize.segments.viewer import viewer_for

from ..automatic.models import Mode, SubscriptionRule
from ..automatic.rules import may_change
from ..sources.finding import labels_for_editors
from ..sources.kinds import kinds
from ..subscribing.models import Given, Subscription
from .list_only import ListOnlyViewSet
from .rule_rights import rules_to_open


class RulesPolicy(ModelPermissionPolicy):
    """Who may change rules and manages segments; here nobody adds, changes or deletes one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and may_change(user) and may_manage(user)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")


_POLICY = RulesPolicy(SubscriptionRule)

if hasattr(permissions, "register_permission_policy"):  # Wagtail 8
    permissions.register_permission_policy(SubscriptionRule, _POLICY)


class RuleFilterSet(WagtailFilterSet):
    mode = MultipleChoiceFilter(
        label=gettext_lazy("Mode"), choices=[(mode.value, mode.label) for mode in Mode], widget=CheckboxSelectMultiple
    )
    source__kind = ChoiceFilter(
        label=gettext_lazy("Subscribed to"), choices=lambda: [(kind.name, kind.label_plural) for kind in kinds()]
    )
    segment = ModelChoiceFilter(label=gettext_lazy("People in"), queryset=Segment.objects.order_by("name"))

    class Meta:
        model = SubscriptionRule
        fields: list[str] = []


class RulesView(NeutralExportMixin, IndexView):
    """A fixed number of queries. Who reaches how many is counted for the rows that are shown."""

    page_title = gettext_lazy("Auto-subscriptions")
    default_ordering = "-changed_at"
    any_permission_required = ["view"]
    is_searchable = False
    list_export = ["segment", "source_label", "mode_label", "grace_label", "people", "changed_at", "changer"]
    export_headings = {
        "segment": gettext_lazy("People in"),
        "source_label": gettext_lazy("Subscribed to"),
        "mode_label": gettext_lazy("Mode"),
        "grace_label": gettext_lazy("Ends when somebody leaves"),
        "people": gettext_lazy("People"),
        "changed_at": gettext_lazy("Last changed"),
        "changer": gettext_lazy("Changed by"),
    }

    def get_base_queryset(self) -> QuerySet:
        return SubscriptionRule.objects.select_related("segment", "source", "changed_by")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "segment",
                label=_("People in"),
                sort_key="segment__name",
                get_url=lambda rule: reverse("personalize_streams:rule", args=[rule.pk]) if rule.may_open else None,
            ),
            Column("source_label", label=_("Subscribed to")),
            Column("mode_label", label=_("Mode"), sort_key="mode"),
            Column("grace_label", label=_("Ends when somebody leaves")),
            Column("people", label=_("People")),
            DateColumn("changed_at", label=_("Last changed"), sort_key="changed_at"),
            Column("changer", label=_("Changed by")),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        self._tell(context["object_list"])
        return context

    def to_row_dict(self, item: SubscriptionRule) -> dict[str, Any]:
        if not hasattr(item, "people"):
            self._tell([item])
        return super().to_row_dict(item)

    def _tell(self, rules: Any) -> None:
        """Write into the rules what the list says of them."""
        rules = list(rules)
        labels = labels_for_editors((rule.source for rule in rules), viewer_for(self.request))
        numbers = _people_by(rules)
        exact, opened = may_see_members(self.request.user), rules_to_open(rules, self.request.user)
        for rule in rules:
            rule.source_label, rule.mode_label = labels[rule.source_id], Mode(rule.mode).short
            rule.may_open = rule.pk in opened
            rule.grace_label = rule.get_grace_days_display()
            rule.people = shown_size(numbers.get(rule.pk, 0), exact) if rule.mode >= Mode.ON else "–"
            rule.changer = person_name(rule.changed_by) if rule.changed_by else ""


def _people_by(rules: list[SubscriptionRule]) -> dict[int, int]:
    """How many people have something by each of these rules; one query."""
    given = Subscription.objects.filter(source__in={rule.source_id for rule in rules})
    given = given.filter(given__in=[Given.ON, Given.MANDATORY], rule__in=rules).order_by()
    return dict(given.values_list("rule").annotate(Count("pk")))


class RulesViewSet(ListOnlyViewSet):
    """One list; rules are edited where they belong."""

    model = SubscriptionRule
    name = "personalize_rules"
    url_prefix = "personalize/auto-subscription-rules"
    icon = "mail"
    menu_label = gettext_lazy("Auto-subscription")
    menu_order = 265
    menu_hook = MENU_HOOK
    permission_policy = _POLICY
    index_view_class = RulesView
    filterset_class = RuleFilterSet
    form_fields = ["mode"]


rules_viewset = RulesViewSet()
