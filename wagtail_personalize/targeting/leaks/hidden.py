"""From whom what is hidden: for each page, document, image or snippet one bit per viewer who may not see it."""

from collections.abc import Iterable, Iterator, Sequence

from django.apps import apps
from django.db.models import Model
from wagtail.models import BaseViewRestriction, PageViewRestriction

from ..audiences import visible_audience_ids
from ..hidden_pages import IsOpen
from ..page_tree import page_model
from ..visibility import has_listing, visible
from .people import Looker

Masks = dict[int, int]


def hidden_pages(lookers: Sequence[Looker], *, privacy: bool = False) -> Masks:
    """Live pages that are hidden from somebody; with ``privacy`` also those that Wagtail's own privacy closes."""
    pages = page_model().objects.live().order_by()
    masks: Masks = {}
    for place, looker in enumerate(lookers):
        closed = pages.exclude(IsOpen.to(visible_audience_ids(looker.viewer)))
        _add(masks, closed.values_list("pk", flat=True), 1 << place)
    for restriction in PageViewRestriction.objects.select_related("page") if privacy else ():
        below = list(pages.descendant_of(restriction.page, inclusive=True).values_list("pk", flat=True))
        _add(masks, below, _left_out(restriction, lookers))
    return masks


def hidden_objects(lookers: Sequence[Looker]) -> Iterator[tuple[type[Model], Masks]]:
    """The same for every other kind of content that has an audience."""
    for model in apps.get_models():
        if has_listing(model) and not model._meta.proxy:
            masks: Masks = {}
            for place, looker in enumerate(lookers):
                shown = visible(model._default_manager.all(), looker.viewer).order_by().values("pk")
                hidden = model._default_manager.order_by().exclude(pk__in=shown)
                _add(masks, hidden.values_list("pk", flat=True), 1 << place)
            yield model, masks


def _add(masks: Masks, keys: Iterable[int], bits: int) -> None:
    for key in keys:
        masks[key] = masks.get(key, 0) | bits


def _left_out(restriction: PageViewRestriction, lookers: Sequence[Looker]) -> int:
    return sum(1 << place for place, looker in enumerate(lookers) if not _passes(restriction, looker))


def _passes(restriction: PageViewRestriction, looker: Looker) -> bool:
    """Nobody who looks knows a password."""
    if looker.user is None or restriction.restriction_type == BaseViewRestriction.PASSWORD:
        return restriction.restriction_type == BaseViewRestriction.NONE
    if restriction.restriction_type == BaseViewRestriction.GROUPS and not looker.user.is_superuser:
        return looker.user.groups.filter(pk__in=restriction.groups.values("pk")).exists()
    return True
