"""Documents and images that Wagtail serves: whoever may not have one gets the answer of a file that is not there.

Asked before anything else, so also before a conditional or partial answer. What only some people may have is kept by
no shared cache, and a browser asks again each time. Files that the web server hands out by itself (``MEDIA_URL``) pass
no door: keep confidential documents away from there (see the how-to about documents).
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

from wagtail_personalize.segments.viewer import viewer_for

from ..collection_audiences import may_have
from ..visibility import can_see
from ..wrapping import wrap

#: Set on a request for a document: with it, a file that is not there gets the same answer as a missing page.
ASKED = "_personalize_document_asked"
#: Set on a request for a file of a restricted collection.
GUARDED = "_personalize_guarded_file"


def attach() -> None:
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents.views import serve

        wrap(serve, "serve", _document)
    if apps.is_installed("wagtail.images"):
        from wagtail.images.views.serve import ServeView

        wrap(ServeView, "get", _image)


def guard_document(document: Model, request: HttpRequest) -> None:
    """For views of a site that serve documents by themselves and ask Wagtail's hook."""
    if not can_see(document, viewer_for(request)):
        raise _missing(type(document))


def _document(
    original: Callable[..., HttpResponse], request: HttpRequest, document_id: Any, document_filename: str
) -> HttpResponse:
    from wagtail.documents import get_document_model

    setattr(request, ASKED, True)
    _require(request, get_document_model(), document_id)
    return original(request, document_id, document_filename)


def _image(
    original: Callable[..., HttpResponse],
    view: Any,
    request: HttpRequest,
    signature: str,
    image_id: Any,
    filter_spec: str,
    filename: str | None = None,
) -> HttpResponse:
    """Only a signed address is looked at: any other is refused by Wagtail before it looks for the image."""
    from wagtail.images.utils import verify_signature

    if verify_signature(signature.encode(), image_id, filter_spec, key=view.key):
        _require(request, view.model, image_id)
    return original(view, request, signature, image_id, filter_spec, filename)


def _require(request: HttpRequest, model: type[Model], pk: Any) -> None:
    """Raise what Wagtail raises for a file that is missing; the same questions are asked whether it is or not."""
    found = model.objects.select_related("collection").filter(pk=pk).first()
    viewer = viewer_for(request)
    if not may_have(found.collection.path if found else "", viewer) or found is None:
        viewer.mark()  # also for a missing one: the headers must not differ
        raise _missing(model)
    if viewer.personalised:
        setattr(request, GUARDED, True)


def _missing(model: type[Model]) -> Http404:
    """In the words of ``get_object_or_404``, which a template for missing pages may show."""
    return Http404(f"No {model._meta.object_name} matches the given query.")
