"""What people of the sample intranet chose about appearing, the widgets of the start page, and ready filters."""

from random import Random

from django.contrib.auth import get_user_model

from example_site.home.models import StartPage
from wagtail_personalize.people.appearing.models import Appearance
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.streams.formats.models import Format
from wagtail_personalize.streams.models import Hashtag, SavedFilter
from wagtail_personalize.streams.sources.finding import name_of, source_for

User = get_user_model()

WIDGETS = [
    ("recommended", {"heading": "", "number": 4}),
    ("birthdays", {"heading": "", "segment": "", "number": 4}),
    ("anniversaries", {"heading": "", "segment": "", "number": 4}),
    ("new", {"heading": "", "segment": "", "number": 4, "days": 90}),
    ("know", {"heading": "", "segment": "", "number": 3}),
]


def load_colleagues(segments: dict[str, Segment]) -> int:
    """Returns how many people let their birthday be told. What somebody chose since stays."""
    if not Appearance.objects.exists():
        Appearance.objects.bulk_create(_choices())
    _show_widgets()
    _offer_filters(segments)
    return Appearance.objects.filter(shows_birthday=True, stays_out=False).count()


def _choices() -> list[Appearance]:
    """Two of three say yes, one of thirty stays out; the same ones every time."""
    random = Random(2026)
    return [
        Appearance(
            person=user,
            stays_out=random.random() < 1 / 30,
            shows_birthday=random.random() < 2 / 3,
            shows_anniversary=random.random() < 2 / 3,
        )
        for user in User.objects.filter(is_active=True).order_by("username")
    ]


def _show_widgets() -> None:
    for start in StartPage.objects.all():
        if not start.people:
            start.people = WIDGETS
            StartPage.objects.filter(pk=start.pk).update(people=start.people)


def _offer_filters(segments: dict[str, Segment]) -> None:
    if SavedFilter.objects.exists():
        return
    SavedFilter.objects.create(name="To watch and listen", formats=[Format.VIDEO, Format.AUDIO, Format.PICTURES])
    shift_work = Hashtag.objects.filter(key="shiftwork").first()
    if shift_work is not None and "managers" in segments:
        ready = SavedFilter.objects.create(
            name="For managers: shift work", segment=segments["managers"], by_sources=True, position=1
        )
        ready.sources.set([source_for(name_of(shift_work))])
