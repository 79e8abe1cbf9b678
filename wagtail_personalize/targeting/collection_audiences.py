"""Who may have the documents and images of a collection: chosen per collection, inherited by all below it.

Like a restriction of a page it takes effect at once, is logged, and closes whatever is not certain. What a collection
inherits is not stored: there are few collections, and both questions below read their paths.
"""

from typing import Any

from django.db import connections, router, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from wagtail.models import Collection

from wagtail_personalize.segments import shared_cache
from wagtail_personalize.segments.state_query import StatePart
from wagtail_personalize.segments.viewer import Viewer

from .audiences import audience_index, clauses_of, visible_audience_ids
from .clauses import Clauses, read
from .effective import lock
from .models import CollectionAudience
from .page_audiences import Chosen, chosen_clauses, interned, log_choice, refuse_self_chosen
from .visibility import register_door


def collection_audience(collection: Collection) -> CollectionAudience | None:
    """The collection's own choice, or ``None``."""
    chosen = CollectionAudience.objects.select_related("access", "changed_by")
    return chosen.filter(collection_id=collection.pk).first()


@transaction.atomic
def set_collection_audience(collection: Collection, user: Any, restrict: Chosen) -> CollectionAudience | None:
    """Restrict the files of ``collection`` and of those below it; ``None`` lifts what was chosen for it.

    Who may do that is for the caller to check. Raises ``ValidationError`` for a segment that people can choose
    themselves into.
    """
    lock()
    access, before = chosen_clauses(restrict), collection_audience(collection)
    had = clauses_of(before and before.access)
    refuse_self_chosen(access - had)
    if had == access:
        return before
    if access:
        values = {"access": interned(access), "changed_by": user}
        CollectionAudience.objects.update_or_create(collection=collection, defaults=values)
    else:
        before.delete()
    shared_cache.forget_on_commit()
    log_choice(collection, user, (had, frozenset()), (access, frozenset()))
    return collection_audience(collection)


def inherited_by(collection: Collection) -> QuerySet[CollectionAudience]:
    """The choices of the collections above, the topmost first."""
    chosen = CollectionAudience.objects.select_related("access", "collection").order_by("collection__path")
    return chosen.filter(collection__path__in=_way_to(collection.path)).exclude(collection_id=collection.pk)


def clauses_at(path: str) -> Clauses:
    """All that restricts the files in the collection at ``path``: chosen for it and for those above."""
    chosen = CollectionAudience.objects.filter(collection__path__in=_way_to(path))
    return frozenset().union(*(read(clauses) for clauses in chosen.values_list("access__clauses", flat=True)))


def may_have(path: str, viewer: Viewer) -> bool:
    """Whether ``viewer`` may have what lies in the collection at ``path``. Costs the viewer's query at most."""
    part = _part(path)
    viewer.load(part)
    audiences = viewer.answer(part.name)
    if not audiences:
        return True
    viewer.mark()
    return visible_audience_ids(viewer).issuperset(audiences) and (
        viewer.previewer is None or visible_audience_ids(viewer.previewer).issuperset(audiences)
    )


def closed_collections(viewer: Viewer) -> QuerySet[Collection]:
    """The collections whose files ``viewer`` may not have, in a preview also those of the editor who looks."""
    open_ids = visible_audience_ids(viewer)
    if viewer.previewer is not None:
        open_ids &= visible_audience_ids(viewer.previewer)
    above = CollectionAudience.objects.filter(
        collection__path=Substr(OuterRef("path"), 1, Length("collection__path"))
    ).exclude(access_id__in=open_ids)
    return Collection.objects.filter(Exists(above)).order_by()


def restricted_collections() -> dict[int, frozenset[int]]:
    """The keys of all collections that are not for everybody, each with the audiences to pass; one query."""
    using = router.db_for_read(CollectionAudience)
    collections = connections[using].ops.quote_name(Collection._meta.db_table)
    chosen = connections[using].ops.quote_name(CollectionAudience._meta.db_table)
    sql = (
        f"SELECT co.id, ca.access_id FROM {chosen} ca INNER JOIN {collections} ab ON ab.id = ca.collection_id"
        f" INNER JOIN {collections} co ON SUBSTR(co.path, 1, LENGTH(ab.path)) = ab.path"
    )
    found: dict[int, set[int]] = {}
    with connections[using].cursor() as cursor:
        cursor.execute(sql)
        for collection, audience in cursor.fetchall():
            found.setdefault(collection, set()).add(audience)
    return {collection: frozenset(audiences) for collection, audiences in found.items()}


def connect() -> None:
    """Let ``can_see`` and ``visible`` answer for documents, images and whatever else lies in collections."""
    from wagtail.models import CollectionMember

    register_door(CollectionMember, _can_see, _listing)


def _can_see(item: Any, viewer: Viewer) -> bool:
    return may_have(item.collection.path, viewer)


def _listing(items: QuerySet, viewer: Viewer) -> QuerySet:
    if audience_index(viewer).needs:
        viewer.mark()
    return items.exclude(collection__in=closed_collections(viewer).values("pk"))


def _way_to(path: str) -> list[str]:
    return [path[:end] for end in range(Collection.steplen, len(path) + 1, Collection.steplen)]


def _part(path: str) -> StatePart:
    """What stands on the way to a collection. The name carries the path: one request may ask about several."""
    using = router.db_for_read(CollectionAudience)
    quote = connections[using].ops.quote_name
    name, paths = f"collection {path}", _way_to(path) or [""]
    sql = (
        f"SELECT %s, ca.access_id FROM {quote(CollectionAudience._meta.db_table)} ca"
        f" INNER JOIN {quote(Collection._meta.db_table)} co ON co.{quote('id')} = ca.collection_id"
        f" WHERE co.path IN ({', '.join(['%s'] * len(paths))})"
    )
    return StatePart(name, sql, (name, *paths))
