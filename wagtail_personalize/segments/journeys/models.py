"""A journey, its stages, and the stored result: who is in which stage, and since when.

What a stage means is one ``Q`` (``meaning.py``); ``PersonStage`` and ``WatchedValue`` are written in sets by
``following.py`` and ``watched.py`` alone.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable


class JourneyQuerySet(models.QuerySet):
    """``Journey.objects``."""

    def with_stages(self) -> list["Journey"]:
        """All of them in a list, each with its stages in ``listed``: two queries."""
        journeys = {journey.pk: journey for journey in self.order_by("name")}
        for journey in journeys.values():
            journey.listed = []
        for stage in Stage.objects.filter(journey__in=journeys).order_by("sort_order", "pk"):
            stage.journey = journeys[stage.journey_id]
            stage.journey.listed.append(stage)
        return list(journeys.values())


class Journey(ClusterableModel):
    """An ordered set of stages. A person is in one stage of each journey at most.

    Stages are changed through their journey: saving it works out anew who is in which.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    hire_date = models.CharField(
        _("hire date"), max_length=100, help_text=_("The attribute from which the days of the stages are counted.")
    )

    objects = JourneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        from .changing import changing_journeys
        from .telling import stored, tell

        with changing_journeys():
            before = stored(self)
            super().save(*args, **kwargs)
            tell(self, before)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        from .changing import changing_journeys
        from .telling import tell_deleted

        with changing_journeys():
            tell_deleted(self)
            return super().delete(*args, **kwargs)

    @cached_property
    def listed(self) -> list["Stage"]:
        """The stages in their order."""
        return list(self.stages.all())


class Event(models.TextChoices):
    """What can happen on the way."""

    MOVED = "moved", _("moved: the value changed")
    PROMOTED = "promoted", _("promoted: the number rose, or the text changed")
    BACK = "back", _("back: since the day, or since “yes” became “no”")
    LEAVING = "leaving", _("leaving: up to the day, or as long as it is “yes”")


class Stage(Orderable):
    """Days since the hire date, or an event that lasts for some days; while it does, the event comes first."""

    journey = ParentalKey(Journey, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name"), max_length=60)
    from_day = models.IntegerField(
        _("from day"),
        null=True,
        blank=True,
        help_text=_("Days after the hire date; 0 is the first day, -14 is two weeks before it. Lasts until the next."),
    )
    event = models.CharField(_("or an event"), max_length=10, choices=Event, blank=True)
    attributes = models.JSONField(_("seen in"), default=list, blank=True)
    days = models.PositiveSmallIntegerField(_("for how many days"), null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [models.UniqueConstraint(fields=["journey", "slug"], name="personalize_stage_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How rules name it."""
        return f"{self.journey.slug}/{self.slug}"


class PersonStage(models.Model):
    """The stored result: this person is in this stage, and since which day we know."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "journey"], name="personalize_personstage_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.stage_id}"


class WatchedValue(models.Model):
    """The last value of an attribute in which an event is seen, and when it changed: what makes *moved* an event."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    attribute = models.CharField(max_length=100)
    #: Short, and only ever compared: a key, a number, or the hash of a folded text.
    value = models.CharField(max_length=64)
    changed_on = models.DateField(null=True)
    rose_on = models.DateField(null=True)
    fell_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "attribute"], name="personalize_watchedvalue_once")]
        indexes = [models.Index(fields=["attribute", "changed_on"], name="personalize_watched_change")]

    def __str__(self) -> str:
        return f"{self.attribute} of {self.person_id}"
