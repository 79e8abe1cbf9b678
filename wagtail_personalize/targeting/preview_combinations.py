"""The combinations of a page's segments that people really have: what the page looks like for somebody who exists.

Only people who may open the page count. Without the permission to see members an editor finds no combination that fewer
people have than the privacy floor, none that tells what people say about themselves, and rounded numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wagtail_personalize.conf import get_settings
from wagtail_personalize.people.folding import fold
from wagtail_personalize.privacy.limits import live_sizes_used_up
from wagtail_personalize.privacy.sizes import shown_size
from wagtail_personalize.segments.admin.builder.restrictions import asks_about_personal
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Segment

from .clauses import Clauses, holds
from .combinations import Combination, combinations_of
from .doors.known import page_or_404
from .inheritance import Inheritance
from .page_tree import page_model

VIEW_MEMBERS = "personalize_segments.view_members"
#: So many are offered at once; the others are found by a search.
MOST_LISTED = 12
MOST_FOUND = 50


@dataclass(frozen=True)
class Occurring:
    """Some segments that people have together, and how many people."""

    segments: tuple[Segment, ...]
    people: str

    @property
    def key(self) -> str:
        """What stands behind ``combination:`` in the name of a mode."""
        return ".".join(str(segment.pk) for segment in self.segments)

    @property
    def names(self) -> str:
        return " + ".join(segment.name for segment in self.segments)

    @property
    def label(self) -> str:
        return _("As somebody in: %(segments)s (%(people)s)") % {"segments": self.names, "people": self.people}


def occurring(obj: Any, segments: Sequence[Segment], user: Any) -> list[Occurring]:
    """The combinations of these segments that occur, the most frequent first; being in none is left out."""
    exact = user is not None and user.has_perm(VIEW_MEMBERS)
    asked = [s for s in segments if s.live and not s.broken and (exact or not asks_about_personal(s.rule))]
    if not asked or not (exact or (user is not None and not live_sizes_used_up(user))):
        return []
    access, index = access_of(obj), segment_index()
    needed = {index.by_uuid[uuid].id for clause in access for uuid in clause.segment_uuids if uuid in index.by_uuid}
    needs = [clause.needs(index) for clause in access]
    by_id = {segment.pk: segment for segment in asked}
    counted = _merged(combinations_of({*by_id, *needed}).where(lambda mine: holds(needs, mine)).all, by_id)
    least = 1 if exact else get_settings().FLOOR
    return [
        Occurring(tuple(s for s in asked if s.pk in mine), shown_size(people, exact))
        for mine, people in counted
        if mine and people >= least
    ]


def access_of(obj: Any) -> Clauses:
    """What restricts a page; a page that is not in the tree yet, and whatever is no page, is open."""
    if not isinstance(obj, page_model()) or not obj.path:
        return frozenset()
    return Inheritance.load().at(obj.path).access


@require_GET
def combinations_view(request: HttpRequest, page_id: int) -> JsonResponse:
    """``{"values": [{"value": key, "label": names, "detail": people}]}`` of those that contain ``?q=``."""
    from .preview_modes import segments_used

    page = page_or_404(page_id).get_latest_revision_as_object()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    text = fold(request.GET.get("q", "")[:200])
    found = [each for each in occurring(page, list(segments_used(page)), request.user) if text in fold(each.names)]
    values = [{"value": each.key, "label": each.names, "detail": each.people} for each in found[:MOST_FOUND]]
    return JsonResponse({"values": values})


def _merged(found: Iterable[Combination], by_id: dict[int, Segment]) -> list[tuple[frozenset[int], int]]:
    """Counted again by the segments that matter, without those that only open the page."""
    counted: dict[frozenset[int], int] = {}
    for each in found:
        mine = each.segment_ids.intersection(by_id)
        counted[mine] = counted.get(mine, 0) + each.people
    return sorted(counted.items(), key=lambda item: (-item[1], sorted(item[0])))
