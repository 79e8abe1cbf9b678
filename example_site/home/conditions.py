"""A condition of Tarnwell's own: who writes for the intranet."""

from django.utils.translation import gettext_lazy as _

from wagtail_personalize.segments.conditions import ConditionType, register, watch

from .models import NewsPage


@register
class WritesNews(ConditionType):
    """Has published news; somebody's own doing, so it recommends and never restricts."""

    operator = "writes_news"
    label = _("has published news")
    phrase = _("has published news")
    self_chosen = True
    watches = [watch("home.NewsPage", person="owner")]

    def q(self, condition, compiler):
        return self.people(NewsPage.objects.live().exclude(owner=None).values("owner"))
