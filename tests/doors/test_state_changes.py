"""Everything of ours that has an address: looking changes nothing, and changing takes a permission."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from tests.builders import page, person, segment, user
from tests.targeting.restricting import restrict
from wagtail_personalize.segments.new_day import ensure_today

from .editors import who_may_only_enter
from .files import collection
from .viewers import client_of

pytestmark = pytest.mark.django_db

#: Written when somebody merely looks: what is logged because somebody looked, and Django's and Wagtail's own sessions.
WRITTEN_BY_LOOKING = (
    *("personalize_privacy_", "personalize_engagement_reportlook"),
    *("django_session", "auth_user", "wagtailadmin_editingsession"),
)
#: Counts what it refuses, whoever sends it; takes only what a signed token proves. Tested in engagement.
BEACON = "wagtail_personalize:beacon"


def our_addresses():
    """Every named address of the package, with the kinds of its arguments."""
    ours = ("personalize", "wagtail_personalize")
    found = {name: kinds for name, kinds in _walk(get_resolver("tests.urls"), (), {}) if name.startswith(ours)}
    return sorted(found.items())


def _walk(resolver, names, kinds):
    for entry in resolver.url_patterns:
        own = {**kinds, **getattr(entry.pattern, "converters", {})}
        own |= dict.fromkeys(entry.pattern.regex.groupindex.keys() - own.keys())
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*names, entry.namespace) if entry.namespace else names, own)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join((*names, entry.name)), own


@pytest.fixture
def world():
    """Something with key 1 or the like behind most addresses."""
    ensure_today()
    secret = page("Secret")
    finance = segment("Finance")
    restrict(secret, finance)
    return {"page_id": secret.pk, "collection_id": collection().pk, "pk": finance.pk}


def addresses(world):
    for name, kinds in our_addresses():
        arguments = {
            key: world.get(key, uuid4() if isinstance(kind, UUIDConverter) else 1) for key, kind in kinds.items()
        }
        yield name, reverse(name, kwargs=arguments)


def writes(queries):
    changing = ("INSERT", "UPDATE", "DELETE")
    return [
        query["sql"][:200]
        for query in queries
        if query["sql"].startswith(changing) and not any(table in query["sql"] for table in WRITTEN_BY_LOOKING)
    ]


class TestAddresses:
    def test_are_many(self):
        assert len(our_addresses()) > 30

    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_change_nothing_when_somebody_looks(self, world, method):
        client = client_of(user(is_superuser=True))
        changed = {}
        for name, address in addresses(world):
            with CaptureQueriesContext(connection) as queries:
                getattr(client, method)(address)
            if found := writes(queries):
                changed[name] = found
        assert changed == {}

    @pytest.mark.parametrize("who", ["nobody", "an employee", "an editor without rights"])
    def test_refuse_to_change_anything_for_whoever_may_not(self, world, who):
        client = {
            "nobody": Client,
            "an employee": lambda: client_of(person(department="HR")),
            "an editor without rights": who_may_only_enter,
        }[who]()
        changed = {}
        for name, address in addresses(world):
            if name in OWN_AFFAIRS or name == BEACON:
                continue
            with CaptureQueriesContext(connection) as queries:
                client.post(address, {})
            if found := writes(queries):
                changed[name] = found
        assert changed == {}

    def test_take_no_change_without_a_token_against_forgery(self, world):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user(is_superuser=True))
        taken = [
            name
            for name, address in addresses(world)
            if name not in SIGNED and client.post(address, {}).status_code not in (302, 403, 404, 405)
        ]
        assert taken == []


#: What everybody may do for themselves, at addresses that name nobody else.
OWN_AFFAIRS = {
    f"wagtail_personalize:{name}"
    for name in ("edit_me", "choose_depth", "put_away", "feed_address", "interests", "notifications_read")
}
#: What a program may post for somebody, with an address that is signed for this alone (RFC 8058); tested in streams.
SIGNED = {"wagtail_personalize:unsubscribe", BEACON}
