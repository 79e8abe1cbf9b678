"""Segments and who is in them.

A segment's rule *is* its definition: it compiles to one ``Q`` over the site's profile model (``rules/compile.py``).
``Membership`` is the stored result of that ``Q`` and is written only by ``refresh.py``, in sets; what ended becomes a
``PastMembership``, so the members of any day can be told.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, RevisionMixin

from .querysets import ManualMemberQuerySet, SegmentQuerySet


class SegmentCategory(models.Model):
    """A drawer in the segment chooser, such as *Locations* or *Stages of employment*."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    #: Whoever may manage segments may always use them; this is about those who only target content.
    groups = models.ManyToManyField(
        "auth.Group",
        verbose_name=_("may be used by"),
        blank=True,
        related_name="+",
        help_text=_("Editors in these groups may choose the segments of this category; without any, all editors may."),
    )

    class Meta:
        verbose_name = _("segment category")
        verbose_name_plural = _("segment categories")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Cause(models.TextChoices):
    """Why a membership began or ended."""

    RULE = "rule", _("rule changed")
    PROFILE = "profile", _("profile changed")
    IMPORT = "import", _("import")
    BULK = "bulk", _("many profiles changed")
    MANUAL = "manual", _("list of named people changed")
    DAY = "day", _("a day began")
    NAMES = "names", _("something that the rule names changed")
    REFRESH = "refresh", _("found by the refresh")


class Segment(DraftStateMixin, RevisionMixin, models.Model):
    """A named, rule-defined group of people.

    A draft (``live`` is false) has no members and counts as broken wherever it is named, so it fails closed. Saving or
    deleting one brings the stored memberships up to date in the same transaction (``saving.py``).
    """

    #: What an editor changed in the lists of named people, until this version is saved for good (``list_changes.py``).
    list_changes: dict[str, list[str]] | None = None
    #: Whether the rule may be unfinished: nobody is in a draft, so it may wait to be understood until it is published.
    may_be_unfinished = False

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=150, unique=True)
    slug = models.SlugField(_("short name"), max_length=150, unique=True, allow_unicode=True)
    description = models.TextField(_("description"), blank=True)
    category = models.ForeignKey(
        SegmentCategory, verbose_name=_("category"), null=True, blank=True, on_delete=models.SET_NULL
    )
    rule = models.JSONField(_("rule"), default=dict)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    # Derived from the rule whenever it is saved or refreshed; never edited.
    mentions = models.JSONField(default=list, editable=False)
    depends_on_date = models.BooleanField(default=False, editable=False)
    self_chosen = models.BooleanField(default=False, editable=False)
    broken = models.TextField(blank=True, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        permissions = [
            ("view_members", _("Can see who is in a segment")),
            ("publish_segment", _("Can publish segments")),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        from .saving import save_segment

        save_segment(self, lambda: super(Segment, self).save(*args, **kwargs), kwargs.get("update_fields"))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        from .saving import delete_segments

        return delete_segments([self], lambda: super(Segment, self).delete(*args, **kwargs))

    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """Wagtail tells of this in the history."""
        from .log_entries import told_elsewhere

        with told_elsewhere():
            return super().publish(*args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        """Wagtail tells of this in the history."""
        from .log_entries import told_elsewhere

        with told_elsewhere():
            return super().unpublish(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a rule without meaning, a short name that other rules would miss, and a hole in a restriction."""
        from .effective import problems
        from .saving import refuse_rename, refuse_tainted_rule

        super().clean()
        refuse_rename(self)
        if self.may_be_unfinished:
            return
        if found := problems(self.rule, slug=self.slug):
            raise ValidationError({"rule": [problem.sentence for problem in found]})
        refuse_tainted_rule(self)

    def serializable_data(self) -> dict[str, Any]:
        """A version also keeps what it would change in the lists of named people."""
        data = super().serializable_data()
        return {**data, "list_changes": self.list_changes} if self.list_changes else data

    def with_content_json(self, content: dict[str, Any]) -> "Segment":
        version = super().with_content_json(content)
        version.list_changes = content.get("list_changes") if self.live else None
        return version

    def people(self) -> models.QuerySet:
        """The users in this segment today."""
        return get_user_model()._default_manager.filter(pk__in=self._memberships_today().values("person"))

    def size(self) -> int:
        """How many people are in this segment today."""
        return self._memberships_today().count()

    def always_include(self, people: Iterable[Any]) -> None:
        """Keep these users in, whatever the rule says."""
        from .manual import put_on_list

        put_on_list(self, people, ManualMember.Always.INCLUDE)

    def always_exclude(self, people: Iterable[Any]) -> None:
        """Keep these users out, whatever the rule says."""
        from .manual import put_on_list

        put_on_list(self, people, ManualMember.Always.EXCLUDE)

    def let_rule_decide(self, people: Iterable[Any]) -> None:
        """Take these users off both lists."""
        from .manual import take_off_lists

        take_off_lists(self, people)

    def _memberships_today(self) -> models.QuerySet:
        from .refresh import ensure_today

        if self.depends_on_date:
            ensure_today()
        return self.memberships.all()


class ManualMember(models.Model):
    """Somebody whom a segment always includes or always excludes, whatever its rule says; exclude beats include."""

    class Always(models.TextChoices):
        INCLUDE = "include", _("always included")
        EXCLUDE = "exclude", _("always excluded")

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="manual_members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    always = models.CharField(max_length=8, choices=Always.choices)

    objects = ManualMemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "person"], name="personalize_manualmember_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_always_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        from .manual import changing_lists

        with changing_lists([self]):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        from .manual import changing_lists

        with changing_lists([self]):
            return super().delete(*args, **kwargs)


class Membership(models.Model):
    """The stored result of a rule: this person is in this segment, and since when.

    The database does not check the segment for each row: whoever writes here holds the lock that deleting a segment
    needs (see ``docs/decisions/0005``).
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="memberships", db_constraint=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.REFRESH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "segment"], name="personalize_membership_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.segment_id}"


class PastMembership(models.Model):
    """A membership that ended: from when to when, and why it began and ended."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="past_memberships", db_constraint=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    cause = models.CharField(max_length=10, choices=Cause)
    until = models.DateTimeField()
    end_cause = models.CharField(max_length=10, choices=Cause)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["segment", "until"], name="personalize_past_segment")]

    def __str__(self) -> str:
        return f"{self.person_id} was in {self.segment_id}"


class StateVersion(models.Model):
    """A number that grows whenever something changes that processes keep in memory.

    Rows: ``segments`` (any segment saved, deleted, broken or mended), ``audiences`` (a new interned audience), ``day``
    (the ordinal of the last local day for which all date rules were refreshed) and ``memberships`` (a lock). Written
    only by ``versions.py``.
    """

    name = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


from .journeys.models import Journey, PersonStage, Stage, WatchedValue  # noqa: E402,F401
from .personas.models import ExamplePerson, Persona, PersonaTopic  # noqa: E402,F401
from .series.models import SegmentSeries, SeriesValue  # noqa: E402,F401
