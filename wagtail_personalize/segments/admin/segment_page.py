"""What the pages about one segment have in common: who may open them, where they stand, and the way between them."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_personalize.privacy.audit import NamesSeen, log_names_seen
from wagtail_personalize.privacy.models import LookAt

from ..models import Segment
from ..rights import may_manage
from .permissions import VIEW_MEMBERS, may_see_members

CHANGE = "personalize_segments.change_segment"
PUBLISH = "personalize_segments.publish_segment"


class SegmentPageMixin(PermissionCheckedMixin, BaseObjectMixin):
    """A view about the segment in the URL. With ``needs_names`` it is closed to those who may not see members."""

    model = Segment
    permission_policy = ModelPermissionPolicy(Segment)
    any_permission_required = ["add", "change", "delete", "view"]
    needs_names = False
    #: Which entry of the navigation this page is.
    place = ""

    @cached_property
    def sees_members(self) -> bool:
        return may_see_members(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.needs_names and not self.sees_members:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.object.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("personalize_segments:index"), "label": capfirst(Segment._meta.verbose_name_plural)},
            {"url": about_url(self.object), "label": self.object.name},
            {"url": "", "label": self.get_page_title(), "sublabel": self.object.name},
        ]

    def log_look(self, kind: LookAt.Kind, subject: str, persons: list[Any]) -> None:
        """Names of these people (keys of users) are about to be shown."""
        if persons:
            log_names_seen(self.request.user, subject % {"name": self.object.name}, persons, kind)

    def names_in_file(self, kind: LookAt.Kind, subject: str) -> NamesSeen:
        """The entry of the log for a file that names people."""
        return NamesSeen(self.request.user, subject % {"name": self.object.name}, kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "segment": self.object,
            "sees_members": self.sees_members,
            "places": places(self.object, self.request.user, self.place),
        }


class ListChangeMixin(SegmentPageMixin):
    """For those who may change the lists: who may not see members could find out by them who works here."""

    place = "named_people"
    needs_names = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_change_lists(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


#: Places of higher rooms, each a function of segment and user that gives a name, a label and an address, or ``None``.
Place = Callable[[Segment, Any], tuple[str, str, str] | None]
_further_places: list[Place] = []


def register_place(place: Place) -> None:
    """Also lead from the pages about a segment to a page of another room."""
    if place not in _further_places:
        _further_places.append(place)


def about_url(segment: Segment) -> str:
    return reverse("personalize_segments:inspect", args=[segment.pk])


def places(segment: Segment, user: Any, current: str) -> list[dict[str, Any]]:
    """The pages about ``segment`` that ``user`` may open, as a navigation."""
    names = {
        "inspect": _("About"),
        "members": _("Members"),
        "named_people": _("Named people"),
        "comings": _("Joined and left"),
        "explain": _("Why?"),
        "history": _("Changes"),
    }
    closed = set() if may_see_members(user) else {"members", "named_people", "explain"}
    if not may_manage(user):
        closed.add("history")
    found = [(name, label, _url(name, segment)) for name, label in names.items() if name not in closed]
    found += [place for further in _further_places if (place := further(segment, user))]
    return [{"url": url, "label": label, "current": name == current} for name, label, url in found if url]


def why_url(segment: Segment, person: Any) -> str:
    """Where it is explained why the user with this key is in ``segment``, or not; may be empty."""
    url = _url("explain", segment)
    return url and f"{url}?{urlencode({'person': json.dumps([str(person)])})}"


def may_change_lists(user: Any, segment: Segment) -> bool:
    """May this user write the lists of ``segment``? That takes effect at once, and tells who works here."""
    return user.has_perms([CHANGE, VIEW_MEMBERS, *([PUBLISH] if segment.live else [])])


def _url(name: str, segment: Segment) -> str:
    """Not every site and version has every page."""
    try:
        return reverse(f"personalize_segments:{name}", args=[segment.pk])
    except NoReverseMatch:
        return ""
