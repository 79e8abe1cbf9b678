"""Lists of named people beside the form of a segment: short ones are edited in it, long ones on a page of their own."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from ..models import ManualMember, Segment
from .permissions import may_see_members

#: With more named people than this the form does not show them.
MOST_TO_EDIT = 200


def too_many_to_edit(segment: Segment) -> bool:
    """Are the lists too long for the pickers of the form?"""
    rows = ManualMember.objects.filter(segment=segment.pk).order_by().values("pk")
    return segment.pk is not None and len(rows[: MOST_TO_EDIT + 1]) > MOST_TO_EDIT


class LongListsPanel(Panel):
    """The way to the page where lists are pasted or uploaded; for long lists there is no other."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_personalize/segments/admin/long_lists_panel.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None and may_see_members(self.request.user)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {
                "url": reverse("personalize_segments:named_people", args=[self.instance.pk]),
                "too_many": too_many_to_edit(self.instance),
            }


LONG_LISTS = LongListsPanel(heading=_("Long lists"))
