"""News and their index."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from wagtail_personalize import viewer_for, visible

from ..languages import in_language
from ..news_for_me import mark_recommended
from .base import ContentPage

NEWS_PER_PAGE = 9


class NewsPage(ContentPage):
    """One article."""

    class Topic(models.TextChoices):
        COMPANY = "company", _("Company")
        PEOPLE = "people", _("People")
        PLANTS = "plants", _("Plants")
        PLACES = "places", _("Places")
        PRODUCTS = "products", _("Products")
        CUSTOMERS = "customers", _("Customers")
        IT = "it", _("IT")

    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices, default=Topic.COMPANY)
    published = models.DateTimeField(_("date"), default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("topic"),
        FieldPanel("published"),
        FieldPanel("author"),
    ]
    search_fields = [*ContentPage.search_fields, index.FilterField("topic"), index.FilterField("published")]
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("news article")

    def minutes_to_read(self) -> int:
        """At two hundred words a minute, never less than one."""
        words = len(str(self.body).split()) + len(self.lead.split())
        return max(1, round(words / 200))

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        viewer = viewer_for(request)
        others = in_language(NewsPage.objects.exclude(translation_key=self.translation_key))
        others = visible(others, viewer).order_by("-published")
        related = list(others.filter(topic=self.topic).select_related("picture")[:3])
        if len(related) < 3:
            taken = [page.pk for page in related]
            related += others.exclude(pk__in=taken).select_related("picture")[: 3 - len(related)]
        context["related"] = mark_recommended(related, viewer)
        return context


class NewsIndexPage(ContentPage):
    """All news that the reader may see, newest first, by topic if wished."""

    subpage_types = ["home.NewsPage"]
    max_count = 1
    icon = "news"

    class Meta:
        verbose_name = _("news index")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        viewer = viewer_for(request)
        news = visible(in_language(NewsPage.objects.all()), viewer).order_by("-published")
        topics = set(news.order_by().values_list("topic", flat=True).distinct())
        topic = request.GET.get("topic", "")
        if topic in NewsPage.Topic.values:
            news = news.filter(topic=topic)
        page = Paginator(news.select_related("picture"), NEWS_PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "news": mark_recommended(page.object_list, viewer),
            "page_of_news": page,
            "topic": topic,
            "topics": [choice for choice in NewsPage.Topic if choice in topics],
        }
        return context
