"""A page saved for later, in all its languages. Nobody but the person sees it."""

from django.conf import settings
from django.db import models


class Bookmark(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    translation_key = models.UUIDField(editable=False)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "translation_key"], name="personalize_bookmark_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.translation_key}"
