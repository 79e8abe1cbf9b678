"""Who may see what has an audience by ``TargetedMixin``: one object, and a whole listing. The two agree."""

from datetime import datetime
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from wagtail_personalize.segments.viewer import Viewer

from ..audiences import audience_index, recommended_audience_ids
from .targeted import TargetedMixin


def can_see_targeted(obj: TargetedMixin, viewer: Viewer) -> bool:
    """The door of one object."""
    _tell_moments(viewer, obj.visible_from, obj.visible_until)
    return obj.is_running() and obj.is_meant_for(viewer)


def visible_targeted(queryset: QuerySet, viewer: Viewer) -> QuerySet:
    """The listing: a condition on the primary key, which search understands as well."""
    if audience_index(viewer).needs:
        viewer.mark()
    others = Q(audience__isnull=False) & ~Q(audience__in=sorted(recommended_audience_ids(viewer)))
    now = timezone.now()
    hidden = others | Q(visible_from__gt=now) | Q(visible_until__lte=now)
    model: Any = queryset.model
    if getattr(viewer, "listener", None) is not None:
        begins = Min("visible_from", filter=Q(visible_from__gt=now))
        ends = Min("visible_until", filter=Q(visible_until__gt=now))
        _tell_moments(viewer, *model._base_manager.aggregate(begins=begins, ends=ends).values())
    return queryset.exclude(pk__in=model._base_manager.filter(hidden).order_by().values("pk"))


def _tell_moments(viewer: Viewer, *moments: datetime | None) -> None:
    """A page that is being kept may become another one at these times."""
    listener: Any = getattr(viewer, "listener", None)
    if listener is not None:
        listener.moment(*moments)
