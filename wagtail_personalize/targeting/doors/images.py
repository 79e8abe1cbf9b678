"""Images of restricted collections where a template or an API shows them: to whoever may not have one, there is none.

That holds for Wagtail's template tags (also those of Jinja), for blocks without a template, and for renditions in the
API. To whoever may have such an image the tags give the address of Wagtail's image serve view, if the site has one in
its URLconf: it asks again, while a file below ``MEDIA_URL`` is handed out by the web server. Code that makes renditions
by itself asks ``can_see``. In the admin Wagtail's permissions decide.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from wagtail.models import Collection

from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.viewer import Viewer

from ..audiences import audience_index, visible_audience_ids
from ..collection_audiences import restricted_collections
from ..models import CollectionAudience
from ..rendering import viewer_in
from ..wrapping import wrap

#: Set on an image that only some people may have, while a template shows it.
GUARDED = "_personalize_guarded_image"


def attach() -> None:
    if not apps.is_installed("wagtail.images"):
        return
    from wagtail.images.blocks import ImageChooserBlock
    from wagtail.images.models import AbstractImage, AbstractRendition
    from wagtail.images.templatetags.wagtailimages_tags import ImageNode

    wrap(ImageNode, "validate_image", _in_template)
    wrap(ImageChooserBlock, "render_basic", _in_block)
    wrap(AbstractImage, "get_rendition", _rendition)
    wrap(AbstractImage, "get_renditions", _renditions)
    AbstractRendition.url = property(_asking_again(AbstractRendition.url.fget))
    if apps.is_installed("rest_framework"):
        from wagtail.images.api.fields import ImageRenditionField

        wrap(ImageRenditionField, "to_representation", _in_api)
    _attach_jinja()


def _attach_jinja() -> None:
    try:
        from wagtail.images import jinja2tags
    except ImportError:
        return
    for name in ("image", "srcset_image", "picture"):
        wrap(jinja2tags, name, _in_jinja)


def is_shown(image: Model | None, viewer: Viewer) -> bool:
    """Whether ``viewer`` may have this image; costs one query for all images of a request, none on most sites."""
    if image is None or not audience_index(viewer).needs:
        return True
    above = _restricted(viewer).get(image.collection_id)
    if not above:
        return True
    viewer.mark()
    setattr(image, GUARDED, True)
    return all(above <= visible_audience_ids(each, above) for each in (viewer, viewer.previewer) if each is not None)


def _restricted(viewer: Viewer) -> dict[int, frozenset[int]]:
    """The collections that are not for everybody: read once for each viewer."""
    uses = getattr(viewer.listener, "uses", None)
    if uses is not None:  # what is remembered counts as read
        uses.tables.update(model._meta.db_table for model in (Collection, CollectionAudience))
    return asked_once(viewer, GUARDED, restricted_collections)


def _in_template(original: Callable[..., Any], node: Any, context: Any) -> Any:
    image = original(node, context)
    if image is None or _is_admin(context) or is_shown(image, viewer_in(context)):
        return image
    if node.output_var_name:
        context[node.output_var_name] = None
    return None


def _in_block(original: Callable[..., str], block: Any, value: Any, context: Any = None) -> str:
    return original(block, value, context) if is_shown(value, viewer_in(context)) else ""


def _in_jinja(original: Callable[..., Any], image: Any, *args: Any, **kwargs: Any) -> Any:
    return original(image if is_shown(image or None, current_viewer()) else None, *args, **kwargs)


def _in_api(original: Callable[..., Any], field: Any, image: Any) -> Any:
    return original(field, image) if is_shown(image, viewer_in(field.context)) else None


def _rendition(original: Callable[..., Any], image: Any, *args: Any) -> Any:
    """One that Wagtail kept in a cache knows its image as it was then."""
    rendition = original(image, *args)
    if getattr(image, GUARDED, False):
        rendition.image = image
    return rendition


def _renditions(original: Callable[..., dict], image: Any, *args: Any) -> dict:
    found = original(image, *args)
    for rendition in found.values() if getattr(image, GUARDED, False) else ():
        rendition.image = image
    return found


def _asking_again(address: Callable[[Any], str]) -> Callable[[Any], str]:
    """The address of a rendition, of a restricted image that of the view that asks."""

    def url(rendition: Any) -> str:
        if not getattr(rendition.image, GUARDED, False):
            return address(rendition)
        from wagtail.images.views.serve import generate_image_url

        try:
            return generate_image_url(rendition.image, rendition.filter_spec)
        except NoReverseMatch:
            return address(rendition)

    return url


def _is_admin(context: Mapping[str, Any]) -> bool:
    """In the admin, but not in its previews of what the site shows."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False):
        return False
    return request.path.startswith(reverse("wagtailadmin_home"))
