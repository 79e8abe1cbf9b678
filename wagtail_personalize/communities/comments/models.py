"""Comments, whom they mention, what was reported, and on which pages one may comment.

All of it belongs to the translation key of a page, so that everybody reads the same under each language. Nothing here
says who may see it: whoever reads comments comes through ``door.py``, which asks for the page first.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.IntegerChoices):
    VISIBLE = 1, pgettext_lazy("state of a comment", "Visible")
    WAITING = 2, pgettext_lazy("state of a comment", "Waits for approval")
    HIDDEN = 3, pgettext_lazy("state of a comment", "Hidden by a moderator")
    #: The text is gone at once; the empty row follows when nothing hangs on it.
    REMOVED = 4, pgettext_lazy("state of a comment", "Removed by its author")


class Comment(models.Model):
    """A text below a page, or below such a text: one level of replies."""

    translation_key = models.UUIDField(editable=False)
    #: ``None`` once the account was erased.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    #: What ``text.py`` let through. Mentions stand in it by their number, never by name.
    html = models.TextField(blank=True)
    state = models.PositiveSmallIntegerField(_("state"), choices=State, default=State.VISIBLE)
    created_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = pgettext_lazy("of readers", "comment")
        verbose_name_plural = pgettext_lazy("of readers", "comments")
        indexes = [
            models.Index(fields=["translation_key", "parent", "-id"], name="personalize_comment_page"),
            models.Index(fields=["author", "created_at"], name="personalize_comment_author"),
        ]
        default_permissions = ()
        permissions = [("moderate_comments", _("Can hide and approve comments"))]

    def __str__(self) -> str:
        return f"{_('Comment')} {self.pk}"


class Mention(models.Model):
    """A comment names a person. The text holds only ``number``: when the person goes, nothing in it points to them."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="personalize_mention_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.number}"


class Reason(models.IntegerChoices):
    """Why somebody reports a comment."""

    UNKIND = 1, _("It is unkind or insulting")
    PRIVATE = 2, _("It tells something private or confidential")
    ADVERT = 3, _("It is advertising or off the point")
    OTHER = 4, pgettext_lazy("reason of a report", "Something else")


class CommentReport(models.Model):
    """Somebody asks the moderators to look at a comment; once for each person. Who it was is told to nobody."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.PositiveSmallIntegerField(choices=Reason)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    #: A moderator has decided.
    is_settled = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="personalize_report_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.get_reason_display()}"


class Opening(models.IntegerChoices):
    OPEN = 0, pgettext_lazy("comments of a page", "Open: everybody who sees the page may comment")
    CLOSED = 1, pgettext_lazy("comments of a page", "Closed: what is there stays, nothing is added")
    OFF = 2, pgettext_lazy("comments of a page", "Switched off: no comments are shown")


class PageComments(models.Model):
    """Whether one may comment on a page, in all its languages. Without a row: open. Un-versioned, like an audience."""

    translation_key = models.UUIDField(unique=True, editable=False)
    opening = models.PositiveSmallIntegerField(choices=Opening)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.translation_key}: {self.get_opening_display()}"
