"""Subscriptions: a row of small numbers for each person and source.

What the person said (``own``) and what rules give (``given``) are kept apart, so that neither is lost when the other
one changes. ``level`` is what follows from both; it is written together with them, always by the two functions below.
It is all that a timeline or a message asks for.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..automatic.models import SubscriptionRule
from ..sources.models import Source


class Level(models.IntegerChoices):
    """How much of a source reaches a person."""

    OFF = 0, pgettext_lazy("follow level", "Off")
    MUTED = 1, pgettext_lazy("follow level", "Muted")
    NORMAL = 2, pgettext_lazy("follow level", "Normal")
    ALL = 3, pgettext_lazy("follow level", "All")


class Given(models.IntegerChoices):
    """What rules give a person. *On* and *mandatory* are the same numbers as in ``Mode``."""

    NOTHING = 0, _("nothing")
    #: A rule was switched off, and the people were kept.
    KEPT = 1, _("kept")
    ON = 2, _("subscribed automatically")
    MANDATORY = 3, _("mandatory")


class Subscription(models.Model):
    """What one person and one source have to do with each other. *Not subscribed* is a row of level 0, or none."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    #: What the person chose; 0 is an opt-out that is remembered, ``None`` means that they never said anything.
    own = models.PositiveSmallIntegerField(null=True, choices=Level)
    given = models.PositiveSmallIntegerField(default=Given.NOTHING, choices=Given)
    #: The rule that gives it, or gave it to who was kept.
    rule = models.ForeignKey(
        SubscriptionRule,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    level = models.PositiveSmallIntegerField(choices=Level)
    #: Since when rules give what they give; without any, when the row was made.
    since = models.DateTimeField()
    #: The person does not belong to the segment any more: when the grace period of the rule is over.
    ends_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="personalize_subscription_once")]
        indexes = [
            # What somebody follows, and who follows something: each is answered from its index alone.
            models.Index(fields=["person", "level", "source"], name="personalize_sub_person"),
            models.Index(fields=["source", "level", "person"], name="personalize_sub_source"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.source_id}"

    @property
    def is_mandatory(self) -> bool:
        return self.given == Given.MANDATORY


def level_if_chosen(own: int) -> Case:
    """The level that follows when a person chooses ``own`` and rules give what is stored.

    Like the next one it is worked out by the database in the statement that writes.
    """
    least = max(own, Level.NORMAL)
    return Case(When(given=Given.MANDATORY, then=Value(least)), default=Value(own), output_field=IntegerField())


def level_if_given(given: int) -> Any:
    """The level that follows when rules give ``given`` and the person chose what is stored."""
    if given == Given.MANDATORY:
        return Greatest(Coalesce("own", Level.NORMAL), Level.NORMAL, output_field=IntegerField())
    return Coalesce("own", Level.OFF if given == Given.NOTHING else Level.NORMAL, output_field=IntegerField())


class What(models.IntegerChoices):
    """What happened to a subscription."""

    FOLLOWED = 1, _("You followed it")
    LEFT = 2, _("You stopped following it")
    MUTED = 3, _("You muted it")
    WANTED_ALL = 4, _("You chose to get everything of it")
    WANTED_NORMAL = 5, _("You chose to get the usual of it")
    BEGAN_ON = 12, _("You were subscribed automatically")
    BEGAN_MANDATORY = 13, _("It became mandatory for you")
    ENDED = 20, _("The automatic subscription ended, because its reason no longer holds for you")
    SWITCHED_OFF = 21, _("The automatic subscription was switched off")
    KEPT = 22, _("The automatic subscription was switched off, and you kept it")
    CHANGED = 23, _("The reason of the automatic subscription changed")
    MOVED = 24, _("What you followed became part of it")


class SubscriptionChange(models.Model):
    """One step in the history of a subscription. What still holds by rule is not here yet: its row says it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=True)
    at = models.DateTimeField()
    what = models.PositiveSmallIntegerField(choices=What)
    rule = models.ForeignKey(
        SubscriptionRule,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="personalize_sub_change")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.source_id} {self.get_what_display()}"


class Shortcut(models.Model):
    """A source that a person put on their start page; shown while they follow it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    #: A favourite: its newest items stand on the start page as well.
    with_news = models.BooleanField(default=False, db_default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="personalize_shortcut_once")]
        ordering = ["position", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.source_id}"


class InterestsAnswer(models.Model):
    """Somebody answered the first question what interests them, or put it away."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person_id)
