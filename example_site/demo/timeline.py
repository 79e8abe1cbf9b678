"""What is new for whom in the sample intranet, and what everybody must know."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Page

from example_site.demo.access import ADMIN
from example_site.home.models import NewsPage
from wagtail_personalize.streams.models import LastLook, MustKnow, TimelineItem
from wagtail_personalize.streams.timeline.index import refresh
from wagtail_personalize.streams.timeline.keys import key_at
from wagtail_personalize.streams.timeline.looks import TIMELINE
from wagtail_personalize.streams.timeline.must_know import mark

User = get_user_model()

#: The second one is recommended to people in offices, so it concerns nobody else.
MUST_KNOW = ("health-and-safety", "second-factor")
#: Everybody has been away for so long.
DAYS_AWAY = 9


def _let_pages_be_older(now: datetime) -> None:
    """What is no news was there before: handbook, teams, locations."""
    pages = Page.objects.live().exclude(pk__in=NewsPage.objects.values("pk"))  # personalize: everybody
    for number, pk in enumerate(
        pages.filter(first_published_at__gt=now - timedelta(days=2)).values_list("pk", flat=True)
    ):
        Page.objects.filter(pk=pk).update(first_published_at=now - timedelta(days=60 + 3 * number))


def load_timeline() -> int:
    """Returns how many items there are. Marks only where nobody marked anything yet."""
    now = timezone.now()
    _let_pages_be_older(now)
    refresh()
    if not MustKnow.objects.exists():
        by = User.objects.get(username=ADMIN)
        for page in Page.objects.live().filter(slug__in=MUST_KNOW).order_by("-slug"):  # personalize: everybody
            mark(page.specific, now + timedelta(days=14), by)
    looked = key_at(now - timedelta(days=DAYS_AWAY))
    people = User.objects.filter(is_active=True)
    LastLook.objects.bulk_create(
        [LastLook(person=person, name=TIMELINE, key=looked) for person in people], ignore_conflicts=True
    )
    return TimelineItem.objects.values("page").distinct().count()
