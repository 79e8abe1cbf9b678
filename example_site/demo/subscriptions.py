"""What people follow in the sample intranet, and what they are subscribed to automatically."""

from django.contrib.auth import get_user_model
from wagtail.models import Page

from example_site.demo.access import ADMIN
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.streams.automatic.models import Grace, Mode
from wagtail_personalize.streams.automatic.rules import Wanted, set_rule
from wagtail_personalize.streams.models import Hashtag, Subscription, SubscriptionRule
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.choosing import choose
from wagtail_personalize.streams.subscribing.models import Level, Shortcut
from wagtail_personalize.streams.subscribing.shortcuts import add_shortcut

User = get_user_model()

#: Segment, slug of a page, mode, days of grace.
RULES = (
    ("employees", "news", Mode.MANDATORY, Grace.NONE),
    ("munich-people", "munich", Mode.ON, Grace.MONTH),
    ("utrecht-people", "utrecht", Mode.ON, Grace.MONTH),
    ("london-office", "london", Mode.ON, Grace.MONTH),
    ("landshut-plant", "landshut", Mode.ON, Grace.MONTH),
    ("new-joiners", "handbook", Mode.ON, Grace.QUARTER),
    ("new-joiners", "services", Mode.SUGGESTED, Grace.NONE),
    ("sales-organisation", "sales", Mode.ON, Grace.NONE),
)
#: Login name, and what somebody follows: hashtags, slugs of pages and login names of colleagues. A star makes it a
#: favourite: its news stand on the start page, too.
FOLLOWED = (
    ("daan.verhoeven", "#safety", "handbook*", "marieke.jansen"),
    ("imogen.clarke", "#customers*", "handbook", "marieke.jansen"),
    ("marieke.jansen", "#safety", "#sustainability*", "services", "imogen.clarke"),
)


def load_subscriptions(segments: dict[str, Segment]) -> int:
    """Only where nobody subscribed anybody yet. Returns how many subscriptions there are."""
    if not SubscriptionRule.objects.exists():
        by = User.objects.get(username=ADMIN)
        for segment, slug, mode, grace in RULES:
            page = Page.objects.live().filter(slug=slug).first()  # personalize: everybody
            if page and segment in segments:
                set_rule(Wanted(source_for(name_of(page)), segments[segment], mode, grace), by)
        for name, *wanted in FOLLOWED:
            _follow(User.objects.get(username=name), wanted)
    return Subscription.objects.count()


def _follow(person: User, wanted: list[str]) -> None:
    """Each with a shortcut on the start page."""
    for text in wanted:
        found = _found(text.removesuffix("*"))
        if found is not None:
            source = source_for(name_of(found))
            choose(person.pk, name_of(found), Level.NORMAL)
            add_shortcut(person.pk, source.pk)
            Shortcut.objects.filter(person=person, source=source).update(with_news=text.endswith("*"))


def _found(text: str) -> Page | Hashtag | User | None:
    if text.startswith("#"):
        return Hashtag.objects.filter(key=text[1:]).first()
    if "." in text:
        return User.objects.filter(username=text).first()
    return Page.objects.live().filter(slug=text).first()  # personalize: everybody
