"""The sources that somebody follows, or that a rule is about: one row each, however many people follow it."""

from django.db import models


class Source(models.Model):
    """One thing that can be followed. What it is called and who may see it, its kind says (``kinds.py``)."""

    kind = models.CharField(max_length=20)
    #: What its kind knows it by: the translation key of a page, the key of a hashtag or of a user.
    key = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="personalize_source_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
