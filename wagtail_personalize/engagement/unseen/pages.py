"""Which pages a person has not seen."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.days import today
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model
from wagtail_personalize.targeting.visibility import visible

from ..counting.contents import places
from ..counting.counted_people import counted_people, segments_of
from ..counting.happened import SITE, Counted
from ..counting.meant_for import MeantFor
from ..counting.pseudonyms import month_of, secrets_known
from ..happenings.refusing import browser_refuses
from ..kinds import SEEN
from ..models import Content, Event

#: Nobody looks further back, however long raw events are kept.
DAYS = 30


class NotBeingBuilt(Exception):
    """Somebody asked for another person than the one for whom a page or a digest is being built."""


def not_seen(viewer: Viewer, pages: Iterable[Any]) -> list[Any]:
    """Those of ``pages`` that are meant for this person, came out in the last 30 days, and did not meet their eyes.

    Empty for whoever is not counted (visitors, previews, objections, browsers that refuse), or was never counted in
    this time: nobody knows what they have seen. Raises ``NotBeingBuilt`` unless ``viewer`` is whom the page is for;
    a digest is built within ``viewing_as(viewer)``. A fixed number of queries, and nothing is written.
    """
    if current_viewer() is not viewer:
        raise NotBeingBuilt("What somebody has not seen is only for a page or a digest that is built for that person.")
    viewer.mark()
    person = None if viewer.is_preview or browser_refuses() else viewer.person_id
    recent = [page for page in pages if _is_recent(page)]
    if person is None or not recent or not counted_people([person]):
        return []
    meant = _meant(viewer, person, recent)
    seen = _seen(person, {str(page.translation_key) for page in meant})
    return [page for page in meant if str(page.translation_key) not in seen] if "" in seen else []


def _is_recent(page: Any) -> bool:
    """Of what is older the raw events may be gone."""
    return page.first_published_at is not None and page.first_published_at.date() > today() - timedelta(days=DAYS)


def _meant(viewer: Viewer, person: Any, pages: list[Any]) -> list[Any]:
    open_to = visible(page_model().objects.filter(pk__in=[page.pk for page in pages]), viewer)
    mine = set(open_to.values_list("pk", flat=True))
    placed = places({str(page.translation_key) for page in pages})
    counted = {page.pk: Counted.page(page.translation_key) for page in pages}
    meant_for = MeantFor(counted.values(), placed)
    segments = segments_of([person], meant_for.segments).get(str(person), frozenset())
    return [page for page in pages if page.pk in mine and meant_for.includes(counted[page.pk], segments)]


def _seen(person: Any, keys: set[str]) -> set[str]:
    """The keys of pages that this person saw, and the empty one of the site if they were there at all."""
    first = today() - timedelta(days=DAYS)
    wanted = Q(type=Content.Type.PAGE, key__in=keys) | Q(type=SITE.type, key=SITE.key)
    contents = dict(Content.objects.filter(wanted).values_list("pk", "key"))
    months = {month_of(day) for day in (first, today())}
    mine = Q(pk__in=[])
    for (content, period), secret in secrets_known({(pk, month) for pk in contents for month in months}).items():
        mine |= Q(content=content, pseudonym=secret.pseudonym(person), day__gte=max(first, period.start))
    found = Event.objects.filter(mine, kind__in=SEEN, day__gte=first).values_list("content_id", flat=True)
    return {contents[pk] for pk in set(found)}
