"""Who may use a segment, which is less than to manage it.

Whoever may add or change segments may use all of them. Everybody else may use those without a category, those of a
category that names no group, and those of a category that names one of their groups. A draft is for nobody's use.
"""

from typing import Any

from django.db.models import Q, QuerySet

from .models import Segment, SegmentCategory

#: One of these permissions makes somebody who manages segments.
MANAGE = ("personalize_segments.add_segment", "personalize_segments.change_segment")


def may_manage(user: Any) -> bool:
    """May this user add or change segments?"""
    return any(user.has_perm(permission) for permission in MANAGE)


def usable_by(user: Any) -> QuerySet[Segment]:
    """The live segments that this user may choose for content and in rules."""
    if user is None or not user.is_active:
        return Segment.objects.none()
    live = Segment.objects.filter(live=True)
    if may_manage(user):
        return live
    open_to = SegmentCategory.objects.filter(Q(groups=None) | Q(groups__in=user.groups.all()))
    return live.filter(Q(category=None) | Q(category__in=open_to.values("pk")))
