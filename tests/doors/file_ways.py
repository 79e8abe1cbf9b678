"""The doors by which documents and images come out. Each gives all that came back as text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wagtail
from django.test import Client
from wagtail.images.views.serve import generate_image_url
from wagtail.rich_text import RichText

from tests.builders import page as a_page

from .files import document, fetch, image
from .site import PICTURES


@dataclass(frozen=True)
class FileDoor:
    name: str
    ask: Callable[[Client, Any], str]
    make: Callable[[Any], Any] = document
    shown: bool = True
    searches: bool = False
    prepare: Callable[[Any], None] = lambda found: None


def served(method="get", **headers):
    """The file itself; what counts is whether it is served, since the address that was asked comes back."""

    def ask(client, found):
        address = found.url if hasattr(found, "filename") and not hasattr(found, "width") else _image_address(found)
        return found.title if fetch(client, address, method, **headers).status_code in (200, 206, 304) else ""

    return ask


def _image_address(found):
    return generate_image_url(found, "width-20")


def asking(address):
    def ask(client, found):
        response = fetch(client, address.format(pk=found.pk, title=found.title))
        return f"{response.status_code} {dict(response.headers)} {response.body.decode()}"

    return ask


def _linking(found):
    text = RichText(f'<p>Look <a linktype="document" id="{found.pk}">here</a></p>')
    a_page("Linking", slug="linking", body=[("paragraph", text)])


def _picturing(found):
    text = RichText(f'<p><embed embedtype="image" id="{found.pk}" format="left" alt="Zorgvuldig"/></p>')
    a_page("Picturing", slug="picturing", body=[("paragraph", text)])


FILE_DOORS = [
    FileDoor("document", served()),
    FileDoor("document, HEAD", served("head")),
    FileDoor("document, POST", served("post")),
    FileDoor("document, conditional", served(**{"If-None-Match": "*"})),
    FileDoor("document, Range", served(Range="bytes=0-9")),
    FileDoor("image", served(), image),
    FileDoor("image, HEAD", served("head"), image),
    FileDoor("image, conditional", served(**{"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"}), image),
    FileDoor("link in rich text", asking("/linking/"), prepare=_linking),
    FileDoor("image in rich text", asking("/picturing/"), image, prepare=_picturing),
    *(FileDoor(f"image by {way}", asking(f"/pictures/?by={way}"), image) for way in PICTURES),
    FileDoor("image by Jinja", asking("/pictures/jinja/"), image),
    FileDoor("image as a block", asking("/pictures/blocks/"), image),
    FileDoor("image of an API", asking("/pictures/api/"), image),
    FileDoor("document as a block", asking("/blocks/")),
    FileDoor("search", asking("/find-documents/?q={title}"), searches=True),
    FileDoor("API v2 documents", asking("/api/v2/documents/")),
    FileDoor("API v2 documents, search", asking("/api/v2/documents/?search={title}"), searches=True),
    FileDoor("API v2 document", asking("/api/v2/documents/{pk}/")),
    FileDoor("API v2 images", asking("/api/v2/images/"), image),
    FileDoor("API v2 image", asking("/api/v2/images/{pk}/"), image),
]

if wagtail.VERSION >= (8,):
    FILE_DOORS += [
        FileDoor("API v3 documents", asking("/api/v3/documents/"), shown=False),
        FileDoor("API v3 documents, search", asking("/api/v3/documents/?search={title}"), shown=False, searches=True),
        FileDoor("API v3 document", asking("/api/v3/documents/{pk}/"), shown=False),
        FileDoor("API v3 images", asking("/api/v3/images/"), image, shown=False),
        FileDoor("API v3 image", asking("/api/v3/images/{pk}/"), image, shown=False),
    ]
