"""What is remembered of readers, on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_day
from wagtail_personalize.segments.viewer import Viewer

from .models import AnnouncementDismissal, KnowledgeChoice


@register_recorded
class PutAwaySection(Section):
    """Names what the person may still see, and counts the others."""

    name = "put_away"
    title = gettext_lazy("Announcements that you put away")
    purpose = gettext_lazy("So that you do not see them again.")
    retention = gettext_lazy("Until the announcement is deleted.")
    models = ("personalize_targeting.AnnouncementDismissal",)
    order = 300

    def rows(self, person: Any) -> list[Row]:
        found = AnnouncementDismissal.objects.filter(person=person).select_related("announcement").order_by("-at", "pk")
        viewer = Viewer.for_person(person)
        known = [row for row in found if row.announcement.is_meant_for(viewer)]
        rows = [Row(row.announcement.title, said_day(row.at)) for row in known]
        return rows + _others(len(found) - len(known))


@register_recorded
class DepthSection(Section):
    """What the person chose to read in which depth."""

    name = "depth"
    title = gettext_lazy("In how much depth you read")
    purpose = gettext_lazy("So that texts begin as you like them.")
    retention = gettext_lazy("Until you choose otherwise, or the topic is deleted.")
    models = ("personalize_targeting.KnowledgeChoice",)
    order = 310

    def rows(self, person: Any) -> list[Row]:
        found = KnowledgeChoice.objects.filter(person=person).select_related("topic").order_by("topic__name")
        return [Row(row.topic.name, row.get_level_display(), [(_("Chosen on"), said_day(row.at))]) for row in found]


def _others(number: int) -> list[Row]:
    text = ngettext("%(number)d that is no longer for you", "%(number)d that are no longer for you", number)
    return [Row(text % {"number": number})] if number else []
