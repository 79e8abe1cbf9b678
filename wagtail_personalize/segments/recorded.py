"""The sections of this room on the page "What is recorded about me": memberships and why, lists, journeys."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.conf import get_settings
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_day, said_months

from .explaining.explanation import Explanation, explain_all
from .journeys.models import PersonStage, WatchedValue
from .models import ManualMember, Membership, PastMembership
from .refresh import ensure_today

_PURPOSE = gettext_lazy("So that news, pages and messages reach those whom they concern.")


@register_recorded
class MembershipsSection(Section):
    """The segments that a person is in, each with the whole reason."""

    name = "memberships"
    title = gettext_lazy("Segments that you are in")
    purpose = _PURPOSE
    retention = gettext_lazy("As long as you are in them.")
    models = ("personalize_segments.Membership",)
    order = 100

    def rows(self, person: Any) -> list[Row]:
        ensure_today()
        found = Membership.objects.filter(person=person).select_related("segment__category").order_by("segment__name")
        memberships = list(found)
        told = explain_all([membership.segment for membership in memberships], person, own=True)
        return [_membership(membership, why) for membership, why in zip(memberships, told, strict=True)]


@register_recorded
class ListsSection(Section):
    name = "lists"
    title = gettext_lazy("Segments that name you by hand")
    purpose = _PURPOSE
    retention = gettext_lazy("Until somebody takes you off the list.")
    models = ("personalize_segments.ManualMember",)
    order = 110

    def rows(self, person: Any) -> list[Row]:
        found = ManualMember.objects.filter(person=person).select_related("segment").order_by("segment__name")
        return [Row(member.segment.name, member.get_always_display()) for member in found]


@register_recorded
class PastMembershipsSection(Section):
    name = "past_memberships"
    title = gettext_lazy("Segments that you were in")
    purpose = gettext_lazy("So that it can be told who was addressed by something at the time.")
    models = ("personalize_segments.PastMembership",)
    order = 120

    @property
    def retention(self) -> str:
        return said_months(get_settings().HISTORY_MONTHS)

    def rows(self, person: Any) -> list[Row]:
        found = PastMembership.objects.filter(person=person).select_related("segment").order_by("-until", "-pk")
        return [_past(membership) for membership in found]


@register_recorded
class JourneysSection(Section):
    name = "journeys"
    title = gettext_lazy("Stages of your time here")
    purpose = gettext_lazy("So that you are welcomed, and told at the right time what concerns you.")
    retention = gettext_lazy("As long as you have an account.")
    models = ("personalize_segments.PersonStage", "personalize_segments.WatchedValue")
    order = 130

    def rows(self, person: Any) -> list[Row]:
        stages = PersonStage.objects.filter(person=person).select_related("journey", "stage").order_by("pk")
        rows = [Row(each.stage.name, each.journey.name, [(_("Since"), said_day(each.since))]) for each in stages]
        watched = WatchedValue.objects.filter(person=person).order_by("attribute")
        return rows + [_watched(each) for each in watched]


def _membership(membership: Membership, why: Explanation) -> Row:
    facts = [
        (_("Since"), said_day(membership.since)),
        (_("Because"), membership.get_cause_display()),
        (_("Category"), membership.segment.category),
    ]
    if not why.is_in:
        facts.append(
            (_("To end"), why.obstacle or _("You do not belong to it any more; this ends with the next refresh."))
        )
    return Row(membership.segment.name, "", facts, why.because.parts)


def _past(membership: PastMembership) -> Row:
    facts = [
        (_("From"), said_day(membership.since)),
        (_("Joined because"), membership.get_cause_display()),
        (_("Until"), said_day(membership.until)),
        (_("Left because"), membership.get_end_cause_display()),
    ]
    return Row(membership.segment.name, "", facts)


def _watched(watched: WatchedValue) -> Row:
    declaration = get_declaration()
    attribute = declaration.get(watched.attribute) if declaration else None
    label = attribute.label if attribute else watched.attribute
    return Row(_("When “%(name)s” last changed") % {"name": label}, said_day(watched.changed_on) or _("not yet"))
