"""A persona describes the people of a segment as if they were one: what they need, want, know and prefer.

Beside the description stand invented people with values of the declared attributes. They are nobody: no row of the
profile table, no member of anything. ``matching.py`` says which rules they would match, and previews show pages as they
would see them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string
from wagtail.models import Orderable

from ..models import Segment
from .values_field import ExampleValuesField


class Channel(models.TextChoices):
    """Where these people are reached best."""

    INTRANET = "intranet", _("Intranet")
    APP = "app", _("App on the phone")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    SCREEN = "screen", _("Screen or notice board")
    MEETING = "meeting", _("Meeting or conversation")


class Format(models.TextChoices):
    """In which form they like to get something."""

    SHORT = "short", _("Short text")
    LONG = "long", _("Article")
    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Audio")
    PICTURE = "picture", _("Pictures and charts")
    CHECKLIST = "checklist", _("Checklist")
    LIVE = "live", _("Live event")


class Persona(ClusterableModel):
    """A target group, described as if it were one person."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    segment = models.ForeignKey(
        Segment,
        verbose_name=_("segment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="personas",
        help_text=_("The people whom this persona stands for."),
    )
    summary = models.CharField(
        _("in one sentence"), max_length=200, blank=True, help_text=_("Best in the persona's own words.")
    )
    needs = models.TextField(_("needs"), blank=True, help_text=_("What do these people need from you? One per line."))
    motivation = models.TextField(_("motivation"), blank=True, help_text=_("What moves them? One per line."))
    channel = models.CharField(_("preferred channel"), max_length=20, choices=Channel, blank=True)
    format = models.CharField(_("preferred format"), max_length=20, choices=Format, blank=True)
    portrait = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A drawing or a picture of nobody in particular. Never use a photo of a colleague."),
    )

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonaTopic(Orderable):
    """How much these people know about a topic, and how often they want to hear of it."""

    class Knowledge(models.IntegerChoices):
        NEW = 1, _("New to it")
        BASICS = 2, _("Knows the basics")
        GOOD = 3, _("Knows it well")
        EXPERT = 4, _("Expert")

    class Frequency(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")
        RARELY = "rarely", _("only when something happens")

    persona = ParentalKey(Persona, on_delete=models.CASCADE, related_name="topics")
    topic = models.CharField(_("topic"), max_length=100)
    knowledge = models.PositiveSmallIntegerField(_("knowledge"), choices=Knowledge, default=Knowledge.BASICS)
    frequency = models.CharField(_("wants to hear of it"), max_length=10, choices=Frequency, default=Frequency.WEEKLY)

    class Meta(Orderable.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        default_permissions = ()

    def __str__(self) -> str:
        return self.topic


class ExamplePerson(Orderable):
    """An invented person: a name, and values of attributes in the form in which rules write them.

    ``{"department": "IT", "hired": "2026-05-01", "skills": ["Python"]}``; what is not given counts as missing.
    """

    persona = ParentalKey(Persona, on_delete=models.CASCADE, related_name="examples")
    name = models.CharField(_("name"), max_length=100, help_text=_("Invent one. Never use a colleague's name."))
    values = ExampleValuesField(_("values"), default=dict, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("example person")
        verbose_name_plural = _("example people")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse values that nobody could have."""
        from .validation import refuse_impossible_values

        super().clean()
        refuse_impossible_values(self.values)
