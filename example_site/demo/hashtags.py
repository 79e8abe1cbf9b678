"""Hashtags of the sample news: in the order of their dates, and reviewed as somebody would have done by now."""

from wagtail.models import Page

from example_site.home.models import NewsPage
from wagtail_personalize.streams.hashtag_uses import refresh
from wagtail_personalize.streams.models import Hashtag


def load_hashtags() -> int:
    """Returns how many hashtags there are. What somebody blocked stays blocked."""
    for pk, moment in NewsPage.objects.live().values_list("pk", "published"):
        Page.objects.filter(pk=pk).update(first_published_at=moment)
    refresh()
    Hashtag.objects.update(reviewed=True)
    return Hashtag.objects.count()
