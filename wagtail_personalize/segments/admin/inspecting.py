"""The page about one segment: what it means, how large it is, who is in it, where it is used."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic import InspectView

from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.privacy.sizes import shown_size

from ..models import ManualMember
from ..refresh import ensure_today
from ..rules.sentence import sentence
from ..usage import where_used
from .permissions import may_see_members

MEMBERS_PER_PAGE = 50


class SegmentInspectView(InspectView):
    """Read only. Names are shown with the permission ``view_members`` alone, and each look at them is logged."""

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
        context |= {
            "segment": self.object,
            "sentence": sentence(self.object.rule),
            "size": shown_size(self.object.size(), self.sees_members),
            "usages": where_used(self.object),
            "sees_members": self.sees_members,
            "usage_heading": _("Where it is used"),
        }
        if self.sees_members:
            context |= self._named()
        return context

    def _named(self) -> dict[str, Any]:
        """The people, with names."""
        members = self._members_page()
        manual = list(ManualMember.objects.filter(segment=self.object).select_related("person").order_by("pk"))
        seen = {row.person_id for row in [*members, *manual]}
        if seen:
            log_names_seen(self.request.user, _("Segment “%(name)s”") % {"name": self.object.name}, seen)
        return {
            "members_heading": _("Members"),
            "manual_heading": _("Named people"),
            "members": members,
            "manual": [(get_user_display_name(row.person), row.get_always_display()) for row in manual],
        }

    def _members_page(self) -> Page:
        rows = self.object.memberships.select_related("person").order_by(*_by_name())
        page = Paginator(rows, MEMBERS_PER_PAGE).get_page(self.request.GET.get("p"))
        for row in page:
            row.name = get_user_display_name(row.person)
        return page


def _by_name() -> list[str]:
    """How people are sorted, whatever the user model has."""
    user_model = get_user_model()
    names = {field.name for field in user_model._meta.get_fields()}
    sorted_by = ("last_name", "first_name", user_model.USERNAME_FIELD, "pk")
    return [f"person__{name}" for name in sorted_by if name in names | {"pk"}]
