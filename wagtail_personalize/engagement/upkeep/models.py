"""The mixin for page models: who looks after a page, and when to look at it again."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class UpkeepMixin(models.Model):
    """Give a page model an owner and a review date::

    class ArticlePage(UpkeepMixin, Page):
        settings_panels = Page.settings_panels + UpkeepMixin.upkeep_panels
    """

    content_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked after by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Is reminded when the page has to be looked at again."),
    )
    review_date = models.DateField(_("look at it again on"), null=True, blank=True)

    upkeep_panels = [MultiFieldPanel([FieldPanel("content_owner"), FieldPanel("review_date")], heading=_("Upkeep"))]

    class Meta:
        abstract = True


def upkept_models() -> list[type[Any]]:
    """The page models of this site that have the mixin."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, UpkeepMixin)]
