"""What a person follows and why, on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.conf import get_settings
from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_day, said_moment, said_months
from wagtail_personalize.segments.viewer import Viewer

from .automatic.models import SubscriptionRule
from .sources.finding import Name, find_all
from .subscribing.history import all_steps
from .subscribing.models import InterestsAnswer, Shortcut, Subscription
from .subscribing.reasons import reasons, rules_of, told_rules

_PURPOSE = gettext_lazy("So that news and messages reach those who want them or whom they concern.")


def _label(found: dict[Name, Any], row: Any) -> str:
    """What somebody may not see any more is not called by its name."""
    shown = found.get((row.source.kind, row.source.key))
    return shown.label if shown else _("Something that you cannot see at present")


def _shown(rows: list[Any], person: Any) -> dict[Name, Any]:
    return find_all({(row.source.kind, row.source.key) for row in rows}, Viewer.for_person(person))


@register_recorded
class SubscriptionsSection(Section):
    name = "subscriptions"
    title = gettext_lazy("What you follow")
    purpose = _PURPOSE
    retention = gettext_lazy("Until you stop following it; that you stopped is remembered, so that you are left alone.")
    models = ("personalize_streams.Subscription",)
    order = 410

    def rows(self, person: Any) -> list[Row]:
        found = list(Subscription.objects.filter(person=person).select_related("source", "rule__segment"))
        shown, why = _shown(found, person), reasons(found)
        return [
            Row(
                _label(shown, row),
                row.get_level_display() if row.level else _("not followed"),
                [(_("Since"), said_day(row.since)), (_("Why"), why.get(row.pk) or _("Your own choice"))],
            )
            for row in found
        ]


@register_recorded
class SubscriptionChangesSection(Section):
    name = "subscription_changes"
    title = gettext_lazy("When and why you began and stopped following something")
    purpose = gettext_lazy("So that you can see why something reached you.")
    models = ("personalize_streams.SubscriptionChange",)
    order = 411

    @property
    def retention(self) -> str:
        return said_months(get_settings().HISTORY_MONTHS)

    def rows(self, person: Any) -> list[Row]:
        steps = all_steps(person.pk)
        shown, why = _shown(steps, person), told_rules(rules_of(steps).values())
        return [
            Row(
                _label(shown, step),
                step.get_what_display(),
                [(_("When"), said_moment(step.at)), (_("Why"), why.get(step.rule_id, ""))],
            )
            for step in steps
        ]


@register_recorded
class ShortcutsSection(Section):
    name = "shortcuts"
    title = gettext_lazy("Your shortcuts on the start page")
    purpose = gettext_lazy("So that you reach quickly what you use most.")
    retention = gettext_lazy("Until you remove them.")
    models = ("personalize_streams.Shortcut", "personalize_streams.InterestsAnswer")
    order = 412

    def rows(self, person: Any) -> list[Row]:
        found = list(Shortcut.objects.filter(person=person).select_related("source"))
        shown = _shown(found, person)
        answered = InterestsAnswer.objects.filter(person=person).values_list("at", flat=True)
        return [Row(_label(shown, row), _("with its news") if row.with_news else "") for row in found] + [
            Row(_("You were asked what interests you"), said_day(moment)) for moment in answered
        ]


@register_recorded
class SubscriptionRulesSection(Section):
    name = "subscription_rules"
    title = gettext_lazy("Auto-subscriptions that you changed last")
    purpose = gettext_lazy("So that it can be told who subscribed colleagues to something.")
    retention = gettext_lazy("As long as the rule exists.")
    models = ("personalize_streams.SubscriptionRule",)
    order = 413

    def rows(self, person: Any) -> list[Row]:
        rules = list(SubscriptionRule.objects.filter(changed_by=person).select_related("source", "segment"))
        shown = _shown(rules, person)
        return [
            Row(
                _label(shown, rule),
                rule.get_mode_display(),
                [(_("Segment"), rule.segment.name), (_("When"), said_day(rule.changed_at))],
            )
            for rule in rules
        ]
