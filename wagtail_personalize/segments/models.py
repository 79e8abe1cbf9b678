"""Segments and who is in them.

A segment's rule *is* its definition: it compiles to one ``Q`` over the site's profile model (``rules/compile.py``).
``Membership`` is the stored result of that ``Q`` and is written only by ``refresh.py``, in sets.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SegmentCategory(models.Model):
    """A drawer in the segment chooser, such as *Locations* or *Stages of employment*."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("segment category")
        verbose_name_plural = _("segment categories")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """A named, rule-defined group of people."""

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

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        permissions = [("view_members", _("Can see who is in a segment"))]

    def __str__(self) -> str:
        return self.name


class ManualMember(models.Model):
    """Somebody whom a segment always includes or always excludes, whatever its rule says; exclude beats include."""

    class Always(models.TextChoices):
        INCLUDE = "include", _("always included")
        EXCLUDE = "exclude", _("always excluded")

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="manual_members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    always = models.CharField(max_length=8, choices=Always.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "person"], name="personalize_manualmember_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_always_display()}"


class Membership(models.Model):
    """The stored result of a rule: this person is in this segment, and since when."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "segment"], name="personalize_membership_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.segment_id}"


class StateVersion(models.Model):
    """A number that grows whenever something changes that processes keep in memory.

    Rows: ``segments`` (any segment saved, deleted, broken or mended), ``audiences`` (a new interned audience) and
    ``day`` (the ordinal of the last local day for which all date rules were refreshed).
    """

    name = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
