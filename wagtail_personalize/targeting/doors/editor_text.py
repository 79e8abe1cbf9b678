"""Links and images in the editor of rich text: Wagtail tells it the address of whatever has the key that stands there.

The key may come from the browser. What does not exist for the editor is in their text as if it were gone; the key
stays, so saving loses nothing.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model

from ..page_tree import page_model
from ..wrapping import wrap
from .known import is_known


def attach() -> None:
    from wagtail.admin.rich_text.converters.html_to_contentstate import PageLinkElementHandler

    wrap(PageLinkElementHandler, "get_attribute_data", _page)
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents.rich_text.contentstate import DocumentLinkElementHandler

        wrap(DocumentLinkElementHandler, "get_attribute_data", _document)
    if apps.is_installed("wagtail.images"):
        from wagtail.images.rich_text.contentstate import ImageElementHandler

        wrap(ImageElementHandler, "create_entity", _image)


def _page(original: Callable[..., dict], handler: Any, attrs: dict[str, Any]) -> dict[str, Any]:
    if _is_known(page_model(), attrs.get("id")):
        return original(handler, attrs)
    return {"id": int(attrs["id"]), "url": None, "parentId": None}


def _document(original: Callable[..., dict], handler: Any, attrs: dict[str, Any]) -> dict[str, Any]:
    from wagtail.documents import get_document_model

    if _is_known(get_document_model(), attrs.get("id")):
        return original(handler, attrs)
    return {"id": int(attrs["id"])}


def _image(original: Callable[..., Any], handler: Any, name: str, attrs: dict[str, Any], *args: Any) -> Any:
    from wagtail.images import get_image_model

    entity = original(handler, name, attrs, *args)
    if not _is_known(get_image_model(), attrs.get("id")):
        entity.data["src"] = ""
    return entity


def _is_known(model: type[Model], key: Any) -> bool:
    """Whether nothing stands against telling of it; for a key that is none Wagtail has its own answer."""
    try:
        found = model._default_manager.filter(pk=key).first()
    except (ValueError, ValidationError):
        return True
    return found is None or is_known(found)
