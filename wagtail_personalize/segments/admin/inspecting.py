"""The page about one segment: what it means, how large it is and was, what may be done with it, where it is used."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.generic import InspectView

from wagtail_personalize.privacy.sizes import shown_size

from ..days import today
from ..history import end_of
from ..models import ManualMember, Membership, PastMembership, Segment
from ..refresh import ensure_today
from ..rules.sentence import sentence
from ..usage import Usage, where_used
from .charts import size_chart
from .permissions import may_see_members
from .segment_page import places

#: The time for which the page says who came and went.
LATELY = 30
_ROUNDED = (
    (ManualMember.Always.INCLUDE, gettext_lazy("always in it: %(people)s")),
    (ManualMember.Always.EXCLUDE, gettext_lazy("never in it: %(people)s")),
)


class SegmentInspectView(InspectView):
    """Read only, and without names; those are on pages of their own."""

    template_name = "wagtail_personalize/segments/admin/inspect.html"
    page_title = gettext_lazy("About this segment")

    @cached_property
    def sees_members(self) -> bool:
        return may_see_members(self.request.user)

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ensure_today()
        context = super().get_context_data(**kwargs)
        segment, user = self.object, self.request.user
        chart = size_chart(segment, self.sees_members)
        return context | {
            "segment": segment,
            "places": places(segment, user, "inspect"),
            "states": states(segment),
            "sentence": sentence(segment.rule),
            "size": shown_size(segment.memberships.count(), self.sees_members),
            "lately": came_and_went(segment, today() - timedelta(days=LATELY)) if self.sees_members else "",
            "remarks": remarks(segment),
            "named": named_people(segment, self.sees_members),
            "chart": chart,
            "media": forms.Media() + chart.media,
            "usages": by_kind(where_used(segment)),
            "sees_members": self.sees_members,
            "edit_url": self.get_edit_url(),
        }


def states(segment: Segment) -> list[tuple[str, str]]:
    """How the segment stands, in a word or two, each with the look of its tag."""
    if not segment.live:
        return [("draft", _("Draft"))]
    found = [("broken", _("Broken"))] if segment.broken else [("live", _("Live"))]
    return [*found, ("draft", _("Draft waiting"))] if segment.has_unpublished_changes else found


def remarks(segment: Segment) -> list[str]:
    """What else one should know of it."""
    found = []
    if segment.self_chosen:
        found.append(_("People can bring themselves into this segment, so it may recommend but never restrict."))
    if segment.depends_on_date:
        found.append(_("It depends on the date: people join and leave overnight without anybody changing anything."))
    return found


def came_and_went(segment: Segment, day: date) -> str:
    """“+12 / −3 in 30 days”, or nothing when nobody came or went since the end of ``day``."""
    since = end_of(day)
    past = PastMembership.objects.filter(segment=segment)
    joined = (
        Membership.objects.filter(segment=segment, since__gte=since).count() + past.filter(since__gte=since).count()
    )
    left = past.filter(until__gte=since).count()
    if not joined and not left:
        return ""
    return _("+%(joined)d / −%(left)d in the last %(days)d days") % {"joined": joined, "left": left, "days": LATELY}


def named_people(segment: Segment, exact: bool) -> list[str]:
    """How many people are on which list, in words; rounded for those who may not see members."""
    rows = ManualMember.objects.filter(segment=segment).order_by().values_list("always")
    numbers = dict(rows.annotate(number=Count("pk")))
    if not exact:
        return [text % {"people": shown_size(numbers[always], False)} for always, text in _ROUNDED if always in numbers]
    found = []
    if included := numbers.get(ManualMember.Always.INCLUDE):
        text = ngettext("%(n)d person is always in it", "%(n)d people are always in it", included)
        found.append(text % {"n": included})
    if excluded := numbers.get(ManualMember.Always.EXCLUDE):
        text = ngettext("%(n)d person is never in it", "%(n)d people are never in it", excluded)
        found.append(text % {"n": excluded})
    return found


def by_kind(usages: Iterable[Usage]) -> list[tuple[str, list[Usage]]]:
    """The places under their kinds, in the order in which the kinds come first."""
    found: dict[str, list[Usage]] = {}
    for usage in usages:
        found.setdefault(str(usage.kind), []).append(usage)
    return list(found.items())
