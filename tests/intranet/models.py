"""The models of a site that the package never saw: its own profile, its own pages."""

from django.conf import settings
from django.db import models
from django.http import HttpResponse
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from wagtail_personalize.streams.timeline.page_type import TimelinePageMixin
from wagtail_personalize.targeting.blocks import AudienceMixin, AudienceStructBlock, VariantsBlock


class Unit(models.Model):
    """A node of the organisation tree."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")

    def __str__(self):
        return self.name


class Skill(models.Model):
    name = models.CharField(max_length=100, unique=True)

    def __str__(self):
        return self.name


class Office(models.Model):
    code = models.CharField(max_length=20, unique=True)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=100, blank=True)

    def __str__(self):
        return self.city


class Staff(models.Model):
    """The site's own profile model."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff")
    staff_number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    department = models.CharField(max_length=100, blank=True)
    job_title = models.CharField(max_length=100, null=True, blank=True)
    level = models.IntegerField(null=True, blank=True)
    hired = models.DateField(null=True, blank=True)
    birthday = models.DateField(null=True, blank=True)
    remote = models.BooleanField(null=True)
    motto = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.SET_NULL)
    manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    skills = models.ManyToManyField(Skill, blank=True)

    def __str__(self):
        return str(self.user)


class Training(models.Model):
    """Kept by another app, which knows nothing of segments."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=100)

    def __str__(self):
        return self.title


class Completion(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    training = models.ForeignKey(Training, on_delete=models.CASCADE)

    def __str__(self):
        return f"{self.person}: {self.training}"


class PlainBlock(blocks.StructBlock):
    """A block of the site that knows nothing of audiences."""

    text = blocks.CharBlock()


class StandardPage(Page):
    """A page type with a stream, written without the package in mind."""

    intro = models.CharField(max_length=200, blank=True)
    rich = RichTextField(blank=True)
    body = StreamField([("plain", PlainBlock()), ("paragraph", blocks.RichTextBlock())], blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("rich"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]


class OtherPage(Page):
    """A page type with no stream at all."""


class NoteBlock(AudienceStructBlock):
    """A block with an audience and without a template."""

    text = blocks.CharBlock()


class CardValue(blocks.StructValue):
    def shout(self):
        return self["title"].upper()


class CardBlock(AudienceMixin, blocks.StructBlock):
    """A block of the site to which the mixin was added: its own layout, value class and template."""

    title = blocks.CharBlock()
    page = blocks.PageChooserBlock(required=False)
    colour = blocks.CharBlock(required=False)

    class Meta:
        value_class = CardValue
        form_layout = blocks.BlockGroup(["title", "page"], settings=["colour"])
        template = "intranet/card.html"


class SectionBlock(blocks.StructBlock):
    """Nests all that can hide: a stream, a list, a single struct."""

    heading = blocks.CharBlock(required=False)
    content = blocks.StreamBlock([("note", NoteBlock()), ("card", CardBlock())], required=False)
    notes = blocks.ListBlock(NoteBlock(), default=[])
    aside = NoteBlock(required=False)

    class Meta:
        template = "intranet/section.html"


class TargetedPage(Page):
    """A page type with every kind of targeted block."""

    body = StreamField(
        [
            ("note", NoteBlock()),
            ("card", CardBlock()),
            ("plain", PlainBlock()),
            ("section", SectionBlock()),
            ("notes", blocks.ListBlock(NoteBlock())),
            ("variants", VariantsBlock([("note", NoteBlock()), ("card", CardBlock())])),
            ("variant_card", VariantsBlock(CardBlock())),
        ],
        blank=True,
    )

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    api_fields = [APIField("body")]


class NewsForMePage(TimelinePageMixin, Page):
    """The timeline as a page."""


class TopicPage(RoutablePageMixin, Page):
    """A page with an address of its own below it."""

    @path("archive/<int:year>/")
    def archive(self, request, year):
        return HttpResponse(f"Archive of {year}")
