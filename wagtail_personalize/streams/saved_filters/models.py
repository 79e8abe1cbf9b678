"""The filters that people and editors save."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.segments.models import Segment

from ..sources.models import Source


class SavedFilter(models.Model):
    """A named choice of sources and formats: somebody's own, or, without a person, a ready one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    #: Of a ready one: whom it is offered to; nobody in particular is everybody.
    segment = models.ForeignKey(
        Segment,
        verbose_name=_("for the segment"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Without one it is offered to everybody."),
    )
    #: Only what these bring; else everything that the reader follows.
    by_sources = models.BooleanField(default=False, editable=False)
    sources = models.ManyToManyField(Source, related_name="+", blank=True)
    #: Numbers of formats; none is all of them.
    formats = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("ready filter")
        verbose_name_plural = _("ready filters")
        ordering = ["position", "name", "pk"]

    def __str__(self) -> str:
        return self.name
