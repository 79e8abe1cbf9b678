from django.db import models

from ..models import Content, Figures


class ChannelFigures(models.Model):
    """By which channel a page was opened in a week or a month, by all people. Raw, as ``Figures`` are."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    #: As in ``Event``.
    channel = models.CharField(max_length=10, blank=True)
    span = models.CharField(max_length=5, choices=Figures.Span)
    start = models.DateField()
    #: Never told: it decides whether the views are.
    viewers = models.PositiveIntegerField()
    views = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["span", "start", "content", "channel"], name="personalize_channel_figures")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.content_id} {self.channel} {self.span} {self.start}"
