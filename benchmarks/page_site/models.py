"""One page type; its cards carry an audience when the package is there."""

from django.conf import settings
from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page

if settings.PRESENT:
    from wagtail_personalize.targeting.blocks import AudienceStructBlock as CardBase
elif settings.OTHER:
    from wagtail_personalisation.blocks import PersonalisedStructBlock as CardBase
else:
    CardBase = blocks.StructBlock


class Staff(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff")
    department = models.CharField(max_length=100)


class CardBlock(CardBase):
    """An ordinary block: a heading, rich text, a link to a page."""

    heading = blocks.CharBlock()
    text = blocks.RichTextBlock()
    link = blocks.PageChooserBlock(required=False)

    class Meta:
        template = "page_site/card.html"


class LineBlock(CardBase):
    """About the cheapest block there is: two words and a template."""

    heading = blocks.CharBlock()
    text = blocks.CharBlock()

    class Meta:
        template = "page_site/line.html"


class BlockPage(Page):
    body = StreamField([("card", CardBlock()), ("line", LineBlock())])

    def get_template(self, request, *args, **kwargs):
        """The ordinary one greets people by name, so it cannot be shared."""
        shared = getattr(settings, "SHARED_TEMPLATE", False)
        return "page_site/shared_page.html" if shared else super().get_template(request, *args, **kwargs)
