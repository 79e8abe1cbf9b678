"""What a worker remembers, so that a batch that it claimed twice is stored once."""

from django.db import models


class StoredBatch(models.Model):
    """A batch of the buffer that is stored. Written in the transaction that stores it."""

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "personalize_engagement"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.id)
