"""Links and images in rich text: to whoever may not see what is meant, it is as if that were gone.

A link to a page or document becomes plain text, an image an empty one. Whatever handlers the site has go on working:
these stand before them. Wagtail passes no request here, so the viewer is the current one; none means anonymous.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from wagtail.models import Locale
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer

from ..audiences import audience_index, visible_audience_ids
from ..collection_audiences import closed_collections
from ..hidden_pages import IsOpen
from ..page_tree import page_model
from ..preview_rights import closed_to


def guard_links(features: FeatureRegistry) -> None:
    """Let the site's handlers see only what the viewer may see."""
    page_links = features.link_types.get(PageLinkHandler.identifier, PageLinkHandler)
    features.register_link_type(_guarded(GuardedPages, page_links))
    if "document" in features.link_types:
        features.register_link_type(_guarded(GuardedDocuments, features.link_types["document"]))
    if "image" in features.embed_types:
        features.register_embed_type(_guarded(GuardedImages, features.embed_types["image"]))


def _guarded(guard: type, handler: type) -> type:
    return handler if issubclass(handler, Guarded) else type(f"Guarded{handler.__name__}", (guard, handler), {})


class Guarded:
    """Before a handler of Wagtail or the site: takes out what is hidden."""

    #: What Wagtail itself writes where something is gone.
    GONE = "<a>"

    @classmethod
    def hidden(cls, ids: list[Any]) -> set[str]:
        """Those of these ids that the current viewer may not see."""
        raise NotImplementedError

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        return cls.GONE if cls.hidden([attrs.get("id")]) else super().expand_db_attributes(attrs)

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        hidden = cls.hidden([attrs.get("id") for attrs in attrs_list])
        if not hidden:
            return super().expand_db_attributes_many(attrs_list)
        shown = [attrs for attrs in attrs_list if str(attrs.get("id")) not in hidden]
        tags = iter(super().expand_db_attributes_many(shown) if shown else ())
        return [cls.GONE if str(attrs.get("id")) in hidden else next(tags) for attrs in attrs_list]


class GuardedPages(Guarded):
    """Links to pages."""

    @classmethod
    def hidden(cls, ids: list[Any]) -> set[str]:
        return hidden_among(ids)


class GuardedDocuments(Guarded):
    """Links to documents."""

    @classmethod
    def hidden(cls, ids: list[Any]) -> set[str]:
        return hidden_files(cls.get_model(), ids)


class GuardedImages(GuardedDocuments):
    """Images in the text."""

    GONE = '<img alt="">'


def hidden_among(ids: list[Any]) -> set[str]:
    """Those of these pages that are hidden from the current viewer, themselves or in the language that is shown.

    Costs nothing while nothing on the site has an audience, else one query for each text with links.
    """
    viewer = current_viewer()
    keys = _numbers(ids)
    if not keys or not audience_index(viewer).needs:
        return set()
    viewer.mark()
    pages = page_model()._base_manager.order_by()
    hidden = pages.filter(_meant(keys)).filter(_closed(viewer))
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return {str(pk) for pk in hidden.values_list("pk", flat=True)}
    named = pages.filter(pk__in=keys, translation_key__in=hidden.values("translation_key"))
    return {str(pk) for pk in named.values_list("pk", flat=True)}


def hidden_files(model: type[Model], ids: list[Any]) -> set[str]:
    """Those of these documents or images that the current viewer may not have; costs as much as for pages."""
    viewer = current_viewer()
    keys = {str(pk) for pk in ids if pk}
    if not keys or not audience_index(viewer).needs:
        return set()
    viewer.mark()
    try:
        found = model._base_manager.filter(pk__in=keys, collection__in=closed_collections(viewer).values("pk"))
        return {str(pk) for pk in found.values_list("pk", flat=True)}
    except (ValueError, ValidationError):  # an id that is none
        return keys


def _numbers(ids: list[Any]) -> set[int]:
    return {int(pk) for pk in ids if str(pk).isdecimal()}


def _closed(viewer: Viewer) -> Q:
    """What the viewer may not see; in a preview also what the editor who looks may not open."""
    hidden = ~Q(IsOpen.to(visible_audience_ids(viewer)))
    return hidden if viewer.previewer is None else hidden | Q(pk__in=closed_to(viewer.previewer).values("pk"))


def _meant(keys: set[int]) -> Q:
    """The pages that are named, and what stands for them in the language that is shown."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return Q(pk__in=keys)
    named = page_model()._base_manager.order_by().filter(pk__in=keys)
    return Q(pk__in=keys) | Q(locale=Locale.get_active(), translation_key__in=named.values("translation_key"))
