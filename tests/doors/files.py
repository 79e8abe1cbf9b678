"""Documents and images in collections, as tests need them."""

from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.collection_audiences import set_collection_audience


def root():
    return Collection.get_first_root_node() or Collection.add_root(name="Root")


def collection(name="Board papers", parent=None):
    return (parent or root()).add_child(name=name)


def document(where, title="Zorgvuldig", name="zorgvuldig.txt", text="Salaries of all"):
    return Document.objects.create(title=title, collection=where, file=ContentFile(text.encode(), name))


def image(where, title="Zorgvuldig"):
    return Image.objects.create(title=title, collection=where, file=get_test_image_file(filename="zorgvuldig.png"))


def restrict_files(where, *segments, without=(), user=None):
    """Restrict a collection to people in any of ``segments`` who are in none of ``without``."""
    return set_collection_audience(where, user, Clause.of(segments, without))


def open_files(where, user=None):
    return set_collection_audience(where, user, None)


def fetch(client, url, method="get", **headers):
    """The answer with its whole ``body``; the file is closed."""
    response = getattr(client, method)(url, headers=headers)
    response.body = b"".join(response) if response.streaming else response.content
    for close in response._resource_closers:  # response.close() would end the request, and with it the connection
        close()
    return response
