"""The doors of the timeline × every kind of viewer × every place of a restriction."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Page

from tests.builders import user
from wagtail_personalize.streams.models import Hashtag, MustKnow
from wagtail_personalize.streams.sources.finding import name_of
from wagtail_personalize.streams.subscribing import choosing
from wagtail_personalize.streams.subscribing.models import Level, Subscription
from wagtail_personalize.streams.timeline.index import refresh

from .restrictions import RESTRICTIONS, shut
from .test_hashtags import OPEN, _as, _template, prepare, tells_of
from .test_matrix import walk
from .viewers import all_viewers
from .ways import Door, asking

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


def _following(ask):
    """Ask as somebody who follows everything, also what they cannot see."""

    def asked(client, page):
        someone = _as(client).user
        if someone.is_authenticated:
            for source in Subscription.objects.filter(person__username="everything").values_list("source", flat=True):
                Subscription.objects.get_or_create(
                    person=someone,
                    source_id=source,
                    defaults={"own": Level.NORMAL, "level": Level.NORMAL, "since": timezone.now()},
                )
        return ask(client, page)

    return asked


DOORS = [
    Door("timeline", _following(asking("/people/me/news/"))),
    Door("all news", asking("/people/news/")),
    Door("block of the timeline", _following(_template("{% my_news 20 %}"))),
    Door("latest articles with a hashtag", _template("{% latest_articles 20 hashtag='" + OPEN + "' %}")),
    Door("latest articles below a page", _template("{% latest_articles 50 section=page.get_parent %}")),
]


@pytest.mark.parametrize("restricted", RESTRICTIONS, ids=lambda restriction: restriction.__name__)
class TestDoors:
    def test_are_shut_for_all_but_members(self, restricted):
        page = shut(restricted)
        _prepare(page)
        people = all_viewers()
        told = walk(DOORS, people, lambda door, client: tells_of(page, door.ask(client, page)))
        assert told == {(door.name, "a member") for door in DOORS}


def _prepare(page):
    """Everything is published, followed by somebody, and the restricted page must be known too."""
    prepare(page)
    Page.objects.filter(first_published_at=None, live=True).update(first_published_at=timezone.now())
    refresh()
    somebody = user("everything")
    for source in (page, *Hashtag.objects.all(), get_user_model().objects.first()):
        choosing.choose(somebody.pk, name_of(source), Level.NORMAL)
    MustKnow.objects.create(
        translation_key=page.translation_key,
        until=timezone.now() + timedelta(days=1),
        marked_at=timezone.now(),
    )
