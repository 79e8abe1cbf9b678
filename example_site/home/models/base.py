"""What all content pages have in common."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from wagtail_personalize import viewer_for, visible
from wagtail_personalize.targeting.models import EffectiveAudience

from ..blocks import BodyBlock
from ..languages import below, in_order


def restricted_among(keys: Iterable[int]) -> set[int]:
    """Those of these pages that only some people may open, by a choice for them or for a page above."""
    stored = EffectiveAudience.objects.filter(page_id__in=keys, access__isnull=False)
    return set(stored.values_list("page_id", flat=True))


class ContentPage(Page):
    """A page with a lead, a picture and a body."""

    lead = models.TextField(_("lead"), blank=True)
    picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("picture"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        abstract = True

    def is_restricted(self) -> bool:
        """Whether only some people may open this page."""
        return bool(restricted_among([self.pk]))

    def visible_children(self, request):
        """Live pages directly below, in the language of whoever asks and as far as they may see them."""
        return in_order(visible(below(self), viewer_for(request)).specific())
