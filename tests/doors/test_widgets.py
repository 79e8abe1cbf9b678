"""The doors of formats, saved filters and recommendations × every kind of viewer × every place of a restriction."""

import pytest

from tests.builders import person, segment
from wagtail_personalize.streams.formats.models import Format
from wagtail_personalize.streams.formats.page_formats import choose
from wagtail_personalize.streams.models import SavedFilter
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.targeting.audiences import Clause, clauses_of
from wagtail_personalize.targeting.page_audiences import page_audience, set_page_audience

from .restrictions import RESTRICTIONS, shut
from .test_hashtags import OPEN, _template, tells_of
from .test_matrix import walk
from .test_timeline import _prepare
from .viewers import all_viewers
from .ways import Door, asking, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


def _filtered(client, page):
    """A ready filter that names the page itself."""
    saved = SavedFilter.objects.get()
    return text_of(client.get(f"/people/me/news/?filter={saved.pk}")) + text_of(client.get("/people/me/news/"))


DOORS = [
    Door("all news of a format", asking("/people/news/?format=video")),
    Door("stream of a hashtag, of a format", asking(f"/people/hashtags/{OPEN}/?format=video")),
    Door("ready filter", _filtered),
    Door("recommended pages", _template("{% recommended_pages 20 %}")),
]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestDoors:
    def test_are_shut_for_all_but_members(self, restricted):
        page = shut(restricted)
        _recommend_to_everybody(page)
        _prepare(page)
        choose(page, Format.VIDEO, None)
        SavedFilter.objects.create(name="Ready", by_sources=True).sources.add(source_for(name_of(page)))
        people = all_viewers()
        told = walk(DOORS, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}


def _recommend_to_everybody(page):
    """Whom something is recommended to may open it no more than others."""
    person()
    everybody = segment("Everybody", {"any": [{"attribute": "level", "operator": op} for op in ("is_set", "is_empty")]})
    before = page_audience(page)
    set_page_audience(page, None, clauses_of(before.access) if before else None, Clause.of([everybody]))
