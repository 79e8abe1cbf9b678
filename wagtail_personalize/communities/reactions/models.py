"""One reaction of each person to a page, in all its languages, or to a comment."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from ..comments.models import Comment


class Reaction(models.Model):
    """What both have in common; ``target`` names the field that says to what it is."""

    target: ClassVar[str] = ""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: A key of the setting ``REACTIONS``; one that is not there any more is neither shown nor counted.
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"{getattr(self, self.target)}: {self.kind}"


class PageReaction(Reaction):
    target = "translation_key"

    translation_key = models.UUIDField(editable=False)

    class Meta(Reaction.Meta):
        constraints = [
            models.UniqueConstraint(fields=["translation_key", "person"], name="personalize_page_reaction_once")
        ]


class CommentReaction(Reaction):
    target = "comment_id"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions", db_index=False)

    class Meta(Reaction.Meta):
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="personalize_reaction_once")]
