"""What changes while a page is being rendered never leaves an old page, or somebody else's, in the cache.

Somebody asks for the page in a thread with a connection of its own, and is held up where the test says so: after the
versions were read and before the page is rendered, or after it was rendered and before it is stored. Meanwhile
something is changed and committed. Then everybody must get what they would get without a cache.
"""

import shutil
from threading import Event, Thread

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection, connections
from django.test import override_settings

from tests.builders import audience, note, person, segment, targeted_page

from .caching import RedisServer, counting, get, rendered, switch_on
from .restricting import open_up, restrict

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="In memory, SQLite has one connection for all threads"),
]
PATIENCE = 60


@pytest.fixture(params=["default", "redis"])
def site(request, settings):
    """A page with a note for one segment, kept in the cache of this name, and people in it and not in it."""
    server = None
    if request.param == "redis":
        pytest.importorskip("redis")
        if shutil.which("redis-server") is None:
            pytest.skip("redis-server is not installed")
        server = RedisServer()
        settings.CACHES = {**settings.CACHES, "redis": server.cache}
    switch_on(settings, request.param)
    yield Site()
    if server is not None:
        caches["redis"].close()
        server.kill()


class Site:
    def __init__(self):
        self.sales, self.other = segment("Sales"), segment("IT")
        self.page = targeted_page(note("For all"), note("For sales", audience([self.sales])))
        self.url = self.page.url
        self.ada, self.bob = person("ada", department="Sales"), person("bob", department="IT")

    def changes(self):
        """What may happen to a page, one after the other; each makes a difference to Ada."""
        yield "published", self.publish
        yield "written past the signals", lambda: type(self.page).objects.filter(pk=self.page.pk).update(title="Past")
        yield "left", lambda: self.move_to("None")
        yield "joined", lambda: self.move_to("Sales")
        yield "rule changed", lambda: self.set_rule("IT")
        yield "rule changed back", lambda: self.set_rule("Sales")
        yield "restricted", lambda: restrict(self.page, self.other)
        yield "opened", lambda: open_up(self.page)

    def publish(self):
        page = type(self.page).objects.get(pk=self.page.pk)
        page.title = "Published"
        page.save_revision().publish()

    def move_to(self, department):
        self.ada.staff.department = department
        self.ada.staff.save()

    def set_rule(self, department):
        self.sales.rule = {"all": [{"attribute": "department", "operator": "is", "value": department}]}
        self.sales.save()

    def answers(self):
        return [(r.status_code, r.content) for r in (get(self.url, user) for user in (self.ada, self.bob, None))]


class HeldUp:
    """Ada's request in a thread of its own, which waits at one point until it may go on."""

    def __init__(self, site, monkeypatch, point):
        self.reached, self.go_on = Event(), Event()
        self.thread = Thread(target=self._ask, args=(site,))
        original = type(site.page).serve

        def serve(page, request, *args, **kwargs):
            from threading import current_thread

            if current_thread() is not self.thread:
                return original(page, request, *args, **kwargs)
            if point == "before it is rendered":
                self._wait()
            response = original(page, request, *args, **kwargs).render()
            if point == "before it is stored":
                self._wait()
            return response

        monkeypatch.setattr(type(site.page), "serve", serve)
        self.thread.start()
        assert self.reached.wait(PATIENCE), "The page was not rendered."

    def _ask(self, site):
        try:
            self.response = get(site.url, site.ada)
        finally:
            connections.close_all()

    def _wait(self):
        self.reached.set()
        self.go_on.wait(PATIENCE)

    def finish(self):
        self.go_on.set()
        self.thread.join(PATIENCE)
        assert self.response.status_code == 200


class TestWhileAPageIsRendered:
    @pytest.mark.parametrize("point", ["before it is rendered", "before it is stored"])
    def test_whatever_changes_nobody_gets_an_old_page_or_that_of_others(self, site, monkeypatch, point):
        for what, change in site.changes():
            caches[django_settings.WAGTAIL_PERSONALIZE["CONTENT_CACHE"]].clear()
            if what == "opened":
                change()  # nobody of the page's viewers renders a page that is closed to them
            else:
                with counting() as kept, monkeypatch.context() as patched:
                    request = HeldUp(site, patched, point)
                    change()
                    request.finish()
                assert kept, f"{what}: nothing was stored, so nothing is proven"
            found = site.answers()
            again = site.answers()
            without = {**django_settings.WAGTAIL_PERSONALIZE, "CONTENT_CACHE": None}
            with override_settings(WAGTAIL_PERSONALIZE=without):
                right = site.answers()
            assert found == again == right, what
        assert not rendered(get(site.url, site.ada)), "Pages are kept, in the end."
