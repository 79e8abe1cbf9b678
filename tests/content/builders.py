"""What the tests of ``targeting/content`` are made of."""

from itertools import count

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import block, page
from tests.portal.models import PortalPage
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.audiences import Clause, intern
from wagtail_personalize.targeting.content.models import Announcement, Menu

_numbers = count(1)


def meant_for(*include, exclude=()):
    """The interned audience of these segments."""
    return intern([Clause.of(include, exclude)])


def announcement(title="News", **fields):
    return Announcement.objects.create(title=title, **fields)


def menu(*entries, slug="main", name="Main"):
    return Menu.objects.create(name=name, slug=slug, entries=list(entries))


def page_entry(target, audience=None, **more):
    return block("page", {"page": target.pk, "label": "", "with_children": False, **more}, audience)


def link_entry(label, address, audience=None):
    return block("link", {"label": label, "address": address}, audience)


def group_entry(label, *entries, audience=None):
    return block("group", {"label": label, "entries": list(entries)}, audience)


def portal(*body, title="Portal", **fields):
    """A saved page with these stored blocks."""
    new = page(title, model=PortalPage, body=list(body), slug=f"portal-{next(_numbers)}", **fields)
    return PortalPage.objects.get(pk=new.pk)


def client_of(someone=None):
    client = Client()
    if someone is not None:
        client.force_login(someone)
    return client


def html(url, someone=None):
    """What somebody, or a visitor, reads at an address."""
    answer = client_of(someone).get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def queries(client, url):
    """How many queries the second of two requests costs."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def more_segments(number):
    """So many segments that nobody is in."""
    rule = {"all": [{"attribute": "department", "operator": "is", "value": "Nobody"}]}
    Segment.objects.bulk_create([Segment(name=f"More {n}", slug=f"more-{n}", rule=rule) for n in range(number)])
