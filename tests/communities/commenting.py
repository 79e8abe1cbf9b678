"""Writing and reading comments in tests, through the addresses that people use."""

from django.template import RequestContext, Template
from django.test import Client, RequestFactory

from tests.builders import person, segment, user
from wagtail_personalize.communities.models import Comment
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience


def signed_in(someone):
    client = Client()
    client.force_login(someone)
    return client


def address(page):
    return f"/people/comments/{page.translation_key}/"


def say(someone, page, text, **fields):
    """Somebody writes a comment; returns it as it is stored."""
    signed_in(someone).post(address(page), {"text": text, **fields})
    return Comment.objects.filter(author=someone).latest("pk")


def answer(someone, comment, text, **fields):
    return say(someone, _PageOf(comment), text, parent=comment.pk, **fields)


class _PageOf:
    def __init__(self, comment):
        self.translation_key = comment.translation_key


def rendered(someone, source, path="/", **context):
    """A template as somebody gets it."""
    request = RequestFactory().get(path)
    request.user = someone
    template = Template("{% load personalize_tags %}" + source)
    return template.render(RequestContext(request, {"request": request, **context}))


def comments_of(someone, page, path="/"):
    return rendered(someone, "{% comments page %}", path, page=page)


def colleague(first_name, last_name, **profile):
    return person(first_name=first_name, last_name=last_name, **profile)


def only_for(page, name):
    """Restrict a page to the people of a department."""
    set_page_audience(page, user(is_superuser=True), {Clause.of([segment(name)])}, frozenset())
