"""The rules of auto-subscription."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_personalize.segments.models import Segment

from ..sources.models import Source


class Mode(models.IntegerChoices):
    """What a rule does for the people of its segment."""

    OFF = 0, pgettext_lazy("auto-subscription", "Off")
    SUGGESTED = 1, pgettext_lazy("auto-subscription", "Suggested")
    ON = 2, pgettext_lazy("auto-subscription", "On – people may leave it")
    MANDATORY = 3, pgettext_lazy("auto-subscription", "Mandatory")

    @property
    def short(self) -> str:
        """In a word, for lists."""
        return _("On") if self is Mode.ON else self.label


class Grace(models.IntegerChoices):
    """For how many days a subscription goes on when somebody leaves the segment."""

    NONE = 0, _("At once")
    WEEK = 7, _("After a week")
    MONTH = 30, _("After 30 days")
    QUARTER = 90, _("After 90 days")


class SubscriptionRule(models.Model):
    """Segment → source. A rule that was switched off stays, so that people can still be told why something was so."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="rules")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="subscription_rules")
    mode = models.PositiveSmallIntegerField(_("mode"), choices=Mode, default=Mode.ON)
    grace_days = models.PositiveSmallIntegerField(
        _("when somebody leaves the segment, it ends"), choices=Grace, default=Grace.NONE
    )
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("auto-subscription")
        verbose_name_plural = _("auto-subscriptions")
        constraints = [models.UniqueConstraint(fields=["source", "segment"], name="personalize_subrule_once")]
        default_permissions = ("change", "view")
        permissions = [("make_mandatory", _("Can make subscriptions mandatory"))]

    def __str__(self) -> str:
        return f"{self.segment} → {self.source}"
