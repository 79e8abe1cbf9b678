"""The doors: each asks for something by one way, as a visitor would, and gives all that came back as text.

``shown`` says whether what a member is shown by this way contains the page at all: the sitemap is the same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass

import wagtail
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Page
from wagtail.rich_text import RichText

from tests.builders import page as a_page
from tests.intranet.models import TopicPage


@dataclass(frozen=True)
class Door:
    name: str
    ask: Callable[[Client, Page], str]
    shown: bool = True
    #: Does it ask a search engine? That of MariaDB finds only what is committed.
    searches: bool = False
    #: Done once, before anybody asks.
    prepare: Callable[[Page], None] = lambda page: None


def text_of(response):
    """Body, headers and where it leads."""
    return f"{response.status_code} {dict(response.headers)} {response.content.decode()}"


def asking(address, follow=False):
    """A door that is one address."""

    def ask(client, page):
        url = address.format(pk=page.pk, url=page.url, parent=page.get_parent().pk, title=page.title)
        return text_of(client.get(url, follow=follow))

    return ask


def searching(client, page):
    """The results alone: the page repeats in its form what was asked."""
    response = client.get("/people/search/", {"q": page.title})
    return response.text.partition('id="wp-results"')[2]


def typing(client, page):
    return client.get("/people/search/", {"q": page.title[:6]}, headers={"HX-Request": "true"}).text


def at(method="get", below="", **headers):
    """The page itself; what counts is whether it is served, since the address that was asked comes back."""

    def ask(client, page):
        return page.title if getattr(client, method)(page.url + below, headers=headers).status_code == 200 else ""

    return ask


def _sub_route(page):
    a_page("Topic", slug="topic", parent=page, model=TopicPage)


def _old_address(page):
    Redirect.objects.create(old_path="/old-address", redirect_page=page, site=None)


def _promoted(page):
    Query.get("something").editors_picks.create(page=page, description=f"See {page.title}")


def _linking(page):
    text = RichText(f'<p>Look <a linktype="page" id="{page.pk}">here</a></p>')
    a_page("Linking", slug="linking", body=[("paragraph", text)])


DOORS = [
    Door("page", at()),
    Door("page, HEAD", at("head")),
    Door("page, POST", at("post")),
    Door("page, conditional", at(**{"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT", "If-None-Match": "*"})),
    Door("page, Range", at(Range="bytes=0-9")),
    Door("sub-route of a page below", at(below="topic/archive/2026/"), prepare=_sub_route),
    Door("menu", asking("/menu/")),
    Door("search", asking("/find/?q={title}"), searches=True),
    Door("autocomplete", asking("/autocomplete/?q={title}"), searches=True),
    Door("search page", searching, searches=True),
    Door("search page while typing", typing, searches=True),
    Door("search page as JSON", asking("/people/search.json?q={title}"), searches=True),
    Door("promoted search results", asking("/promoted/?q=something"), prepare=_promoted),
    Door("feed", asking("/feed/")),
    Door("oEmbed", asking("/oembed/?url={url}")),
    Door("sitemap", asking("/sitemap.xml"), shown=False),
    Door("redirect", asking("/old-address/"), prepare=_old_address),
    Door("link in rich text", asking("/linking/"), prepare=_linking),
    Door("page chooser as a block", asking("/blocks/")),
    Door("API v2 listing", asking("/api/v2/pages/")),
    Door("API v2 search", asking("/api/v2/pages/?search={title}"), searches=True),
    Door("API v2 children", asking("/api/v2/pages/?child_of={parent}")),
    Door("API v2 descendants", asking("/api/v2/pages/?descendant_of={parent}")),
    Door("API v2 find", asking("/api/v2/pages/find/?html_path={url}", follow=True)),
    Door("API v2 detail", asking("/api/v2/pages/{pk}/")),
]

if wagtail.VERSION >= (8,):
    DOORS += [
        Door("API v3 listing", asking("/api/v3/pages/"), shown=False),
        Door("API v3 search", asking("/api/v3/pages/?search={title}"), shown=False, searches=True),
        Door("API v3 children", asking("/api/v3/pages/?child_of={parent}"), shown=False),
        Door("API v3 find", asking("/api/v3/pages/find/?html_path={url}", follow=True), shown=False),
        Door("API v3 detail", asking("/api/v3/pages/{pk}/"), shown=False),
    ]
