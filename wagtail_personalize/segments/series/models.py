"""A series of segments, and what became of each value.

Written by ``following.py`` alone, in the transaction of whatever made a value come or go.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..models import Segment, SegmentCategory

DEFAULT_PATTERN = "%(attribute)s: %(value)s"


class SegmentSeries(models.Model):
    """A segment for each value of ``attribute``, such as each department."""

    attribute = models.CharField(_("attribute"), max_length=100, unique=True)
    category = models.ForeignKey(
        SegmentCategory, verbose_name=_("category"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name_pattern = models.CharField(
        _("name of each segment"),
        max_length=100,
        default=DEFAULT_PATTERN,
        help_text=_("%(attribute)s stands for the name of the attribute, %(value)s for the value."),
    )
    with_below = models.BooleanField(
        _("with everything below"),
        default=False,
        help_text=_("In a tree: people in a department below count too."),
    )

    class Meta:
        verbose_name = _("series of segments")
        verbose_name_plural = _("segments from data")
        ordering = ["attribute"]

    def __str__(self) -> str:
        from .values import label_of

        return str(label_of(self.attribute))

    def save(self, *args: Any, **kwargs: Any) -> None:
        from .following import saving

        with saving(self):
            super().save(*args, **kwargs)

    def clean(self) -> None:
        from .naming import pattern_problem

        super().clean()
        if sentence := pattern_problem(self.name_pattern):
            raise ValidationError({"name_pattern": sentence})


class SeriesValue(models.Model):
    """One value of the attribute and its segment.

    Without a segment somebody deleted it by hand, and it is not made again. ``gone`` marks a value that no longer
    occurs, whose segment is still used somewhere.
    """

    series = models.ForeignKey(SegmentSeries, on_delete=models.CASCADE, related_name="values")
    #: As rules name it; ``fold`` of it for texts, whose segment takes all ways of writing it.
    value = models.CharField(max_length=255)
    segment = models.OneToOneField(Segment, null=True, on_delete=models.SET_NULL, related_name="series_value")
    gone = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["series", "value"], name="personalize_seriesvalue_once")]

    def __str__(self) -> str:
        return self.value
