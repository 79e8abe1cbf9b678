"""Who wants the weekly report."""

from django.conf import settings
from django.db import models


class ReportSubscription(models.Model):
    """An editor wants the figures of each week."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "personalize_engagement"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}"
