"""Hashtags of the sample news: in the order of their dates, and reviewed as somebody would have done by now."""

from wagtail.models import Page

from example_site.home.models import NewsPage
from wagtail_personalize.streams.hashtag_uses import refresh
from wagtail_personalize.streams.models import Hashtag

#: What some are called in German and in Dutch.
LABELS = {
    "canteen": ("Kantine", "kantine"),
    "customers": ("Kundschaft", "klanten"),
    "newhere": ("NeuHier", "NieuwHier"),
    "security": ("Sicherheit", "beveiliging"),
    "shiftwork": ("Schichtarbeit", "ploegendienst"),
    "sustainability": ("Nachhaltigkeit", "duurzaamheid"),
}


def load_hashtags() -> int:
    """Returns how many hashtags there are. What somebody blocked stays blocked."""
    for pk, moment in NewsPage.objects.live().values_list("pk", "published"):
        Page.objects.filter(pk=pk).update(first_published_at=moment)
    refresh()
    for hashtag in Hashtag.objects.filter(key__in=LABELS, labels={}):
        hashtag.labels = dict(zip(("de", "nl"), LABELS[hashtag.key], strict=True))
        hashtag.save()
    Hashtag.objects.update(reviewed=True)
    return Hashtag.objects.count()
