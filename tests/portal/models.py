from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, Page, RevisionMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from wagtail_personalize.targeting.content.blocks import (
    DocumentsForMeBlock,
    KnowledgeBlock,
    PersonalCharBlock,
    PersonalRichTextBlock,
    PersonalTextBlock,
    QuickLinksBlock,
)
from wagtail_personalize.targeting.content.targeted import TargetedMixin


@register_snippet
class Contact(DraftStateMixin, RevisionMixin, TargetedMixin, index.Indexed, models.Model):
    """A snippet for somebody."""

    name = models.CharField(max_length=100)

    panels = [FieldPanel("name"), TargetedMixin.panel()]
    search_fields = [index.SearchField("name"), index.FilterField("id")]

    def __str__(self):
        return self.name


class PortalPage(Page):
    """A page with every ready-made block, and a rich text with placeholders of its own."""

    intro = RichTextField(blank=True)
    next_page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    picture = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    see_also = ParentalManyToManyField("wagtailcore.Page", blank=True, related_name="+")
    body = StreamField(
        [
            ("links", QuickLinksBlock()),
            ("documents", DocumentsForMeBlock()),
            ("depth", KnowledgeBlock()),
            ("line", PersonalCharBlock()),
            ("text", PersonalTextBlock()),
            ("rich", PersonalRichTextBlock()),
            ("card", blocks.StructBlock([("title", PersonalCharBlock())], template="portal/card.html")),
        ],
        blank=True,
    )

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    api_fields = [APIField("body"), APIField("next_page"), APIField("picture"), APIField("see_also")]
