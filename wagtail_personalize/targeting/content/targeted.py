"""An audience for any snippet, or any other model of a site.

    class Contact(TargetedMixin, models.Model):
        name = models.CharField(max_length=100)
        panels = [FieldPanel("name"), TargetedMixin.panel()]

``visible(Contact.objects.all(), viewer)`` and ``can_see(contact, viewer)`` then answer for it, and agree. A snippet is
a part of pages, so its audience means what a block's does: whoever it is not for sees nothing of it, and segments that
people choose themselves into may be used.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from wagtail_personalize.segments.viewer import Viewer

from .audience_key import AudienceKey, AudiencePanel


class TargetedMixin(models.Model):
    """Adds an audience with a start (inclusive) and an end (exclusive)."""

    audience = AudienceKey()
    visible_from = models.DateTimeField(_("visible from"), null=True, blank=True)
    visible_until = models.DateTimeField(_("visible until"), null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def panel() -> MultiFieldPanel:
        """The panel to put into ``panels``."""
        times = FieldRowPanel([FieldPanel("visible_from"), FieldPanel("visible_until")])
        return MultiFieldPanel([AudiencePanel("audience"), times], heading=_("Audience"))

    def clean(self) -> None:
        super().clean()
        if self.visible_from and self.visible_until and self.visible_until <= self.visible_from:
            raise ValidationError(
                {"visible_until": _("The end must be later than the start.")}, code="end_before_start"
            )

    def is_running(self, now: datetime | None = None) -> bool:
        """Whether the time has come and is not over."""
        now = now or timezone.now()
        return self.has_begun(now) and (self.visible_until is None or now < self.visible_until)

    def has_begun(self, now: datetime | None = None) -> bool:
        """Whether the time has come, be it over or not."""
        return self.visible_from is None or self.visible_from <= (now or timezone.now())

    def is_meant_for(self, viewer: Viewer) -> bool:
        """Whether the audience lets the viewer see this, whatever the time."""
        from ..audiences import recommended_audience_ids

        if self.audience_id is None:
            return True
        viewer.mark()
        return self.audience_id in recommended_audience_ids(viewer)
