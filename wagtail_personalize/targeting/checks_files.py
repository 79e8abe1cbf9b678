"""System checks: is there a way to a document past the view that asks who may have it?

The web server cannot be asked from here: what it hands out below ``MEDIA_URL`` by itself needs a look by the site
builder. What Django and Wagtail do can.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import Storage
from django.db.models import FileField
from django.urls import Resolver404, resolve
from django.views.static import serve

from .url_views import plain


def check_files() -> Iterator[CheckMessage]:
    if apps.is_installed("wagtail.documents"):
        yield from _serve_method()
        if not settings.DEBUG:
            yield from _handed_out()


def _serve_method() -> Iterator[CheckMessage]:
    method = getattr(settings, "WAGTAILDOCS_SERVE_METHOD", None)
    if method == "direct" or (method == "redirect" and _is_local(_documents().storage)):
        yield Warning(
            f"WAGTAILDOCS_SERVE_METHOD is '{method}', so documents of restricted collections have an address that"
            " nobody checks.",
            hint="Set it to 'serve_view', or leave it out while documents are stored on this machine.",
            id="personalize_targeting.W010",
        )


def _handed_out() -> Iterator[CheckMessage]:
    """While developing, everybody has this; on a site that is used, it opens every document."""
    storage, place = _documents().storage, f"{_documents().upload_to or ''}".strip("/")
    if not (_is_local(storage) and str(storage.base_url or "").startswith("/")):
        return
    address = f"{storage.base_url}{place}/some-document.pdf"
    try:
        view = resolve(address).func
    except Resolver404:
        return
    if plain(view) is serve:
        yield Warning(
            f"A view of the URLconf hands out all files below {storage.base_url}, documents of restricted collections"
            " among them.",
            hint="Let the web server hand out images only, or leave the folder of the documents out of that address:"
            f" ^media/(?!{place}/)(?P<path>.*)$. See the page “Find leaks” of the documentation.",
            id="personalize_targeting.W011",
        )


def _documents() -> FileField:
    from wagtail.documents import get_document_model

    return get_document_model()._meta.get_field("file")


def _is_local(storage: Storage) -> bool:
    try:
        storage.path("any")
    except NotImplementedError:
        return False
    return True
