"""What a page tells by itself in a real browser, and when."""

import time

import pytest
from django.test import Client

from tests.builders import page, person
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_MILLISECONDS = 5
NOTE_WHEN = """
const send = navigator.sendBeacon.bind(navigator);
window.sent = [];
navigator.sendBeacon = (...told) => { sent.push(performance.now()); return send(...told); };
"""


@pytest.fixture
def reader(settings, signed_in):
    settings.ROOT_URLCONF = "tests.engagement.measured_site"
    return signed_in(person("ada"))


def counted(*kinds, of="page"):
    """Wait for events of these kinds."""
    for _try in range(100):
        found = {event.kind: event for event in Event.objects.filter(content__type=of).order_by("value")}
        if found.keys() >= set(kinds):
            return found
        time.sleep(0.1)
    raise AssertionError(f"Only {sorted(found)} were counted, not {kinds}.")


class TestMeasuredPage:
    def test_tells_what_happens_on_it_after_it_is_there(self, reader):
        news, other = page("News"), page("Other")
        reader.add_init_script(NOTE_WHEN)
        reader.goto(f"/measured/{news.pk}/")
        counted(Kind.VIEW)
        begun = "performance.getEntriesByType('navigation')[0].loadEventStart"
        assert reader.evaluate(f"sent.length >= 1 && sent.every((moment) => moment >= {begun})")
        reader.mouse.move(50, 60)
        reader.evaluate("document.querySelector('audio').dispatchEvent(new Event('play'))")
        reader.wait_for_timeout(2500)
        reader.evaluate("scrollTo(0, document.body.scrollHeight)")
        reader.wait_for_timeout(1500)
        with reader.expect_download():
            reader.get_by_role("link", name="Plan").click()
        reader.get_by_role("link", name="Up").click()
        reader.get_by_role("link", name="Other").click()
        reader.wait_for_url(f"**/measured/{other.pk}/")
        kinds = Kind.VIEW, Kind.ENGAGED, Kind.SCROLL, Kind.CLICK, Kind.DOWNLOAD, Kind.MEDIA, Kind.IMPRESSION
        found = counted(*kinds)
        assert 2 <= found[Kind.ENGAGED].value <= 15
        assert found[Kind.SCROLL].value == 100
        assert found[Kind.IMPRESSION].content.key == str(other.translation_key)
        assert Event.objects.filter(kind=Kind.CLICK, content__type="page").count() == 1

    def test_tells_of_a_visit_when_the_next_one_begins(self, reader):
        news = page("News")
        reader.goto(f"/measured/{news.pk}/")
        counted(Kind.VIEW)
        reader.goto("/measured/plan.pdf.nothing")
        reader.evaluate(
            "localStorage.setItem('measure-visit', JSON.stringify({start: 0, last: 0, views: 1, engaged: 3}))"
        )
        reader.errors.clear()
        reader.goto(f"/measured/{news.pk}/")
        assert counted(Kind.VISIT, of="site")[Kind.VISIT].value == 1

    def test_takes_no_time_to_speak_of(self, reader):
        news = page("News")
        taken = []
        for _time in range(3):  # the least: a machine that is busy elsewhere makes any of them longer
            devtools = reader.context.new_cdp_session(reader)
            devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
            reader.goto(f"/measured/{news.pk}/")
            counted(Kind.VIEW)
            found = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
            taken.append(found["ScriptDuration"] * 1000)
        assert 0 < min(taken) < MOST_MILLISECONDS

    def test_is_silent_for_visitors(self, tab, settings):
        settings.ROOT_URLCONF = "tests.engagement.measured_site"
        tab.goto(f"/measured/{page('News').pk}/")
        assert tab.locator("script").count() == 0

    def test_that_is_only_fetched_is_no_view(self, settings, site):
        settings.ROOT_URLCONF = "tests.engagement.measured_site"
        client = Client()
        client.force_login(person("bob"))
        assert "data-token" in client.get(f"/measured/{page('News').pk}/").content.decode()
        assert not Event.objects.exists()
