"""What a search server has yet to be told."""

from django.db import models


class PendingDocument(models.Model):
    """A document of the search server that differs, or may differ, from what the database says.

    Until it was written, searches that ask for what somebody may see leave it out: it is found a little later rather
    than by somebody who may not see it.
    """

    #: The label of the root model, such as ``wagtailcore.page``: one index of the server.
    root = models.CharField(max_length=100)
    #: The primary key as text. Empty in the mark of a rebuild that is going on.
    key = models.CharField(max_length=64, blank=True)
    #: Only who may see it changed.
    only_audience = models.BooleanField(default=False)
    #: It was written while an index was being rebuilt, and has to be written to the new one, too.
    is_written = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["root", "is_written"], name="personalize_pending_document")]

    def __str__(self) -> str:
        return f"{self.root} {self.key}"
