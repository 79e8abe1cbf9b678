"""Collections that Wagtail itself keeps private: behind a login, a group or a password.

``visible()`` leaves Wagtail's own privacy to Wagtail; a list of documents must leave out what it would refuse.
"""

from django.db.models import Q, QuerySet
from wagtail.models import Collection, CollectionViewRestriction

from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.viewer import Viewer


def closed_collections(viewer: Viewer) -> QuerySet:
    """The keys of the collections, and of those below them, that Wagtail keeps from the viewer. At most two queries.

    Whether a password was given is known to the session, not to the viewer: those stay closed.
    """
    restrictions = CollectionViewRestriction.objects.select_related("collection").prefetch_related("groups")
    closed = [each for each in restrictions if not _opens(each, viewer)]
    below = Q(pk__in=[])
    for each in closed:
        below |= Q(path__startswith=each.collection.path)
    return Collection.objects.filter(below).order_by().values("pk")


def _opens(restriction: CollectionViewRestriction, viewer: Viewer) -> bool:
    if viewer.person_id is None:
        return False
    match restriction.restriction_type:
        case CollectionViewRestriction.LOGIN:
            return True
        case CollectionViewRestriction.GROUPS:
            return viewer.user.is_superuser or not _groups_of(viewer).isdisjoint(restriction.groups.all())
    return False


def _groups_of(viewer: Viewer) -> set:
    return asked_once(viewer, "groups", lambda: set(viewer.user.groups.all()))
