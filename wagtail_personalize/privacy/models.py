"""Who looked at whom, and how often somebody asked for the size of a group.

``LookAt`` is the log that a works council may ask for: each time names of people are shown to an editor, it says who
saw them, where and when. It is kept for twelve months. ``LiveSizeAsked`` only limits how fast sizes can be probed and
is kept for ten minutes.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class LookAt(models.Model):
    """Somebody with the permission was shown the names of people.

    ``subject`` may name pages and segments that these people do not know of: it is for whoever checks the log. They
    themselves are told the ``kind``.
    """

    class Kind(models.TextChoices):
        MEMBERS = "members", _("the members of a segment")
        WHY = "why", _("why somebody is in a segment, or not")
        COMINGS = "comings", _("who joined a segment and who left it")
        LISTS = "lists", _("the people whom a segment names by hand")
        CHANGES = "changes", _("whom the change of a segment concerns")
        PREVIEW = "preview", _("a preview of a page")
        SEARCH = "search", _("a search for people by name")
        IMPORT = "import", _("what an import changes")
        OTHER = "other", _("somewhere in the administration")

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who looked"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.CharField(_("where"), max_length=255)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    persons = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("people seen"), related_name="+")

    class Meta:
        verbose_name = _("look at names")
        verbose_name_plural = _("looks at names")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.subject}"


class LiveSizeAsked(models.Model):
    """One live size that a person without ``view_members`` asked for."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="personalize_live_size")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.at:%H:%M:%S}"


class GroupAudit(models.Model):
    """Which groups may be published beside each other, as the last audit found: numbers of groups, no people."""

    at = models.DateTimeField(auto_now_add=True)
    #: With which floor it was made.
    floor = models.PositiveIntegerField()
    #: Pairs of a group and its size; 0 stands for all people.
    sizes = models.JSONField(default=list)
    #: Combinations of groups that occur, without how often.
    overlaps = models.JSONField(default=list)
    #: Groups that are left out: group, reason, with which others.
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Erasure(models.Model):
    """Somebody was erased. Only a keyed fingerprint of the staff number or the login name remains, never a name.

    It keeps the next import, and a restored backup, from bringing the person back.
    """

    mark = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        default_permissions = ()
        permissions = [
            ("erase_person", _("Can erase people for good")),
            ("lift_erasure", _("Can let an import bring in again who was erased")),
        ]

    def __str__(self) -> str:
        return gettext("A person was erased")
