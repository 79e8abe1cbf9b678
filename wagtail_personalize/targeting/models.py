"""Audiences and the pages that carry them.

An ``Audience`` is interned and never changes: a set of clauses that must all pass. What an editor chose for a page
stands in ``PageAudience`` (one per translation family); what the page inherits in addition is stored, for live pages,
as ``EffectiveAudience``. Documents and images are restricted with their collection, in ``CollectionAudience``.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.Model):
    """An immutable set of clauses in canonical form; made only by ``audiences.intern``."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    #: ``[{"include": [uuid, …], "exclude": [uuid, …]}, …]``, sorted.
    clauses = models.JSONField(editable=False)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.digest[:12]


class PageAudience(models.Model):
    """What an editor chose for a page, in all its languages. Un-versioned: it takes effect at once."""

    translation_key = models.UUIDField(unique=True, editable=False)
    access = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    recommendation = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("page audience")
        verbose_name_plural = _("page audiences")
        permissions = [
            ("restrict_pages", _("Can restrict pages to an audience")),
            ("preview_as_person", _("Can preview pages as a named person")),
        ]

    def __str__(self) -> str:
        return str(self.translation_key)


class EffectiveAudience(models.Model):
    """The union of a page's own and inherited clauses. A page without a row here is unknown and computed live."""

    page = models.OneToOneField(
        getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
    )
    access = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    recommendation = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.page_id)


class CollectionAudience(models.Model):
    """Who may have the documents and images of a collection and of all collections below it."""

    collection = models.OneToOneField("wagtailcore.Collection", on_delete=models.CASCADE, related_name="+")
    access = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("collection audience")
        verbose_name_plural = _("collection audiences")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.collection_id)


# Django looks for models here.
from .content.models import (  # noqa: E402, F401
    Announcement,
    AnnouncementDismissal,
    KnowledgeChoice,
    KnowledgeTopic,
    LandingPage,
    Menu,
)
