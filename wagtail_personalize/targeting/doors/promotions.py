"""Promoted search results: what an editor picked for a search term, which may be a page that was restricted since.

Wagtail's tag gives all of them to everybody, with title and description. Here each viewer gets those of pages that they
may see, and of addresses elsewhere. In the admin whoever promotes results finds, changes and deletes those of pages
that they may see or work on; a term for which there are only others does not exist for them.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import Http404

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer

from ..audiences import audience_index
from ..page_tree import page_model
from ..preview_rights import closed_to
from ..visibility import can_see, register_door, visible
from ..wrapping import wrap

_PICKS = "editors_picks"


def attach() -> None:
    if not apps.is_installed("wagtail.contrib.search_promotions"):
        return
    from wagtail.contrib.search_promotions import forms, views
    from wagtail.contrib.search_promotions.models import SearchPromotion
    from wagtail.contrib.search_promotions.templatetags import wagtailsearchpromotions_tags as tags

    register_door(SearchPromotion, _may_see, _visible)
    wrap(tags, "get_search_promotions", _given)
    tags.register.simple_tag(tags.get_search_promotions)
    wrap(views.settings.IndexView, "get_base_queryset", _listed)
    wrap(views.settings.EditView, "get_object", _one)
    wrap(views.settings.DeleteView, "get_object", _one)
    wrap(views.settings, "log", _logged)
    wrap(forms.SearchPromotionsFormSet, "__init__", _edited)


def _may_see(pick: Any, viewer: Viewer) -> bool:
    return pick.page is None or can_see(pick.page, viewer)


def _visible(picks: QuerySet, viewer: Viewer) -> QuerySet:
    pages = visible(page_model()._base_manager.order_by(), viewer)
    return picks.filter(Q(page=None) | Q(page__in=pages.values("pk")))


def _given(original: Callable[..., QuerySet], search_query: Any) -> QuerySet:
    return visible(original(search_query), current_viewer())


def _known(picks: QuerySet, viewer: Viewer) -> QuerySet:
    """Those that whoever promotes results may be told of."""
    if not audience_index(viewer).needs:
        return picks
    return picks.exclude(page__in=closed_to(viewer).values("pk"))


def _listed(original: Callable[..., QuerySet], view: Any) -> QuerySet:
    from wagtail.contrib.search_promotions.models import SearchPromotion

    picks = _known(SearchPromotion.objects.select_related("page"), current_viewer())
    queries = original(view).filter(pk__in=picks.order_by().values("query"))
    return queries.prefetch_related(None).prefetch_related(Prefetch(_PICKS, picks))


def _one(original: Callable[..., Model], view: Any, *args: Any) -> Model:
    """A term, which from here on knows no more than it may tell."""
    query = original(view, *args)
    known = _known(query.editors_picks.all(), current_viewer())
    if query.editors_picks.exists() and not known.exists():
        raise Http404(f"No {type(query)._meta.object_name} matches the given query.")
    query._prefetched_objects_cache = {_PICKS: known}
    return query


def _edited(original: Callable[..., None], formset: Any, *args: Any, **kwargs: Any) -> None:
    picks = kwargs.pop("queryset", None)
    picks = formset.model._default_manager.all() if picks is None else picks
    original(formset, *args, queryset=_known(picks, current_viewer()), **kwargs)


def _logged(original: Callable[..., Any], pick: Any, action: str) -> Any:
    """The history is for everybody who promotes results: it names the term only."""
    return original(pick, action, title=str(pick.query))
