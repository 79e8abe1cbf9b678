"""The doors of the admin to documents and images. Wagtail's permissions decide, and in choosers also what one may have.

``members`` says whether somebody who may have the file, and may choose from its collection, is shown it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from .files import document, image
from .ways import text_of


@dataclass(frozen=True)
class FileAdminDoor:
    name: str
    ask: Callable[[Client, Any], str]
    make: Callable[[Any], Any] = document
    members: bool = False
    #: Is it shown to whoever may change the file? The API of the admin goes by the right to have it.
    shown: bool = True
    searches: bool = False

    def tells_of(self, found, answer):
        """Whether an answer gives the file away; a search repeats the words that were asked for."""
        if self.searches:
            return f"/{found.pk}/" in answer or found.filename in answer
        return found.title in answer or found.filename in answer


def at(view, *arguments, query=""):
    def ask(client, found):
        named = {"pk": found.pk, "collection": found.collection_id, "title": quote(found.title), "filter": "width-20"}
        return text_of(client.get(reverse(view, args=[named[name] for name in arguments]) + query.format(**named)))

    return ask


def showing(client, found):
    """What counts is whether the picture comes."""
    address = reverse("wagtailimages:preview", args=[found.pk, "width-20"])
    response = client.get(address)
    return found.title if response.headers["Content-Type"].startswith("image/") else ""


def formatting(client, found):
    sent = {"image-chooser-insertion-format": "left", "image-chooser-insertion-image_is_decorative": "on"}
    return text_of(client.post(reverse("wagtailimages_chooser:select_format", args=[found.pk]), sent))


def uploading_the_same(client, found):
    """Wagtail offers a picture that it has already."""
    found.get_file_hash()
    same = ContentFile(get_test_image_file().file.getvalue(), "mine.png")
    sent = {"image-chooser-upload-title": "Mine", "image-chooser-upload-file": same}
    sent["image-chooser-upload-collection"] = found.collection.get_parent().pk
    return text_of(client.post(reverse("wagtailimages_chooser:create"), sent))


def bulk(kind):
    app, model = ("wagtailimages", "image") if kind is image else ("wagtaildocs", "document")

    def ask(client, found):
        address = reverse("wagtail_bulk_action", args=[app, model, "add_to_collection"])
        answer = client.get(f"{address}?id={found.pk}&next=/admin/")
        return text_of(answer)

    return ask


def choosers(name, namespace, make=document):
    """The endpoints of one chooser, in the order in which they are used."""
    search = at(f"{namespace}:choose_results", query="?q={title}")
    return [
        FileAdminDoor(name, at(f"{namespace}:choose"), make, members=True),
        FileAdminDoor(f"{name}, many", at(f"{namespace}:choose", query="?multiple=1"), make, members=True),
        FileAdminDoor(f"{name}, results", at(f"{namespace}:choose_results"), make, members=True),
        FileAdminDoor(f"{name}, search", search, make, members=True, searches=True),
        FileAdminDoor(
            f"{name}, one collection",
            at(f"{namespace}:choose_results", query="?collection_id={collection}"),
            make,
            members=True,
        ),
        FileAdminDoor(f"{name}, chosen", at(f"{namespace}:chosen", "pk"), make, members=True),
        FileAdminDoor(f"{name}, chosen many", at(f"{namespace}:chosen_multiple", query="?id={pk}"), make, members=True),
    ]


FILE_ADMIN_DOORS = [
    *choosers("document chooser", "wagtaildocs_chooser"),
    *choosers("chooser of the site", "site_chooser"),
    *choosers("image chooser", "wagtailimages_chooser", image),
    FileAdminDoor("format of an image", at("wagtailimages_chooser:select_format", "pk"), image, members=True),
    FileAdminDoor("format of an image, chosen", formatting, image, members=True),
    FileAdminDoor("upload of the same image", uploading_the_same, image, members=True),
    FileAdminDoor("documents", at("wagtaildocs:index")),
    FileAdminDoor("documents, search", at("wagtaildocs:index", query="?q={title}"), searches=True),
    FileAdminDoor("document", at("wagtaildocs:edit", "pk")),
    FileAdminDoor("document, delete", at("wagtaildocs:delete", "pk")),
    FileAdminDoor("document, usage", at("wagtaildocs:document_usage", "pk")),
    FileAdminDoor("documents, bulk action", bulk(document), members=True),
    FileAdminDoor("images", at("wagtailimages:index"), image),
    FileAdminDoor("images, search", at("wagtailimages:index", query="?q={title}"), image, searches=True),
    FileAdminDoor("image", at("wagtailimages:edit", "pk"), image),
    FileAdminDoor("image, delete", at("wagtailimages:delete", "pk"), image),
    FileAdminDoor("image, usage", at("wagtailimages:image_usage", "pk"), image),
    FileAdminDoor("image, address", at("wagtailimages:url_generator", "pk"), image),
    FileAdminDoor("image, shown", showing, image),
    FileAdminDoor("images, bulk action", bulk(image), image, members=True),
    FileAdminDoor("admin API documents", at("wagtailadmin_api:documents:listing"), members=True, shown=False),
    FileAdminDoor("admin API document", at("wagtailadmin_api:documents:detail", "pk"), members=True, shown=False),
    FileAdminDoor("admin API images", at("wagtailadmin_api:images:listing"), image, members=True, shown=False),
    FileAdminDoor("admin API image", at("wagtailadmin_api:images:detail", "pk"), image, members=True, shown=False),
    FileAdminDoor("site history", at("wagtailadmin_reports:site_history"), shown=False),
    FileAdminDoor("start page", at("wagtailadmin_home"), shown=False),
]
