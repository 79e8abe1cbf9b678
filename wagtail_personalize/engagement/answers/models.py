"""What people write when they are asked whether a page was helpful."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..models import Content


class HelpfulText(models.Model):
    """Plain text that somebody left on a page. No person, no time of day, and a random key: nobody can tell who."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    helpful = models.BooleanField(_("helpful"))
    text = models.TextField(_("text"), max_length=1000)

    class Meta:
        app_label = "personalize_engagement"
        verbose_name = _("remark on a page")
        verbose_name_plural = _("remarks on pages")
        ordering = ["-day", "pk"]

    def __str__(self) -> str:
        return self.text[:50]
