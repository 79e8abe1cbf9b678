"""The embedded search engine with an index of its own for each test."""

from io import StringIO

from django.core.management import call_command
from modelsearch.backends import get_search_backend
from wagtail.models import Page

NAME = "wagtail_personalize.search.backends.whoosh"


def backend(path, **options):
    return get_search_backend(NAME, PATH=path, **options)


def configured(settings, path, **options):
    """The site's own backend, kept up to date by signals and filled by the command."""
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": NAME, "PATH": path, **options}}
    return get_search_backend()


def rebuilt(engine, model=Page):
    rebuilder = engine.rebuilder_class(engine.get_index_for_model(model))
    index = rebuilder.start()
    index.add_model(model)
    index.add_items(model, model.objects.all())
    rebuilder.finish()


def update_index():
    call_command("update_index", stdout=StringIO())


def titles(engine, query, pages=Page, **options):
    return [page.title for page in engine.search(query, pages, **options)]
