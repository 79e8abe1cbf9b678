"""The format of pages. A page without a row here is a text."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Format(models.IntegerChoices):
    """What a page mainly is. The numbers are stored with each item of a timeline."""

    TEXT = 0, pgettext_lazy("format of a page", "Text")
    PICTURES = 1, _("Picture story")
    VIDEO = 2, _("Video")
    AUDIO = 3, _("Audio")
    DOCUMENT = 4, pgettext_lazy("format of a page", "Document")

    @property
    def slug(self) -> str:
        """Its name in addresses: ``?format=video``."""
        return self.name.lower()


class PageFormat(models.Model):
    """The format of a page in all its languages. Un-versioned, like its audience: what an editor says holds at once."""

    translation_key = models.UUIDField(unique=True, editable=False)
    #: What an editor said; ``None``: what was found holds.
    chosen = models.PositiveSmallIntegerField(null=True, choices=Format)
    #: What the content of the live versions shows.
    found = models.PositiveSmallIntegerField(choices=Format, default=Format.TEXT)
    #: What follows from both.
    format = models.PositiveSmallIntegerField(choices=Format)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["format", "translation_key"], name="personalize_page_format")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.translation_key}: {self.get_format_display()}"
