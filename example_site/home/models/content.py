"""Pages that people look things up in: sections, the handbook, everything else."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from wagtail_personalize import viewer_for, visible

from ..blocks import ICONS
from ..languages import below, in_language, in_order
from .base import ContentPage, restricted_among


class StandardPage(ContentPage):
    """A page for whatever has no type of its own, with a list of facts if there is something to look up."""

    facts = models.TextField(_("facts"), blank=True, help_text=_("One a line: what it is | what it says"))

    content_panels = [*ContentPage.content_panels, FieldPanel("facts")]

    class Meta:
        verbose_name = _("standard page")

    def fact_rows(self) -> list[tuple[str, str]]:
        """The facts as (name, value)."""
        rows = (line.partition("|") for line in self.facts.splitlines() if line.strip())
        return [(name.strip(), value.strip()) for name, _bar, value in rows]


class SectionPage(ContentPage):
    """A page that leads to the pages below it."""

    class Layout(models.TextChoices):
        CARDS = "cards", _("cards with pictures")
        LIST = "list", _("list")

    icon = models.CharField(_("icon"), max_length=20, choices=ICONS, default="compass")
    layout = models.CharField(_("layout"), max_length=10, choices=Layout.choices, default=Layout.LIST)

    content_panels = [*ContentPage.content_panels, FieldPanel("icon"), FieldPanel("layout")]

    class Meta:
        verbose_name = _("section")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["children"] = self.visible_children(request)
        return context


class HandbookPage(ContentPage):
    """A chapter of the handbook. The topmost one is the handbook itself."""

    reviewed = models.DateField(_("last reviewed"), null=True, blank=True)

    content_panels = [*ContentPage.content_panels, FieldPanel("reviewed")]
    subpage_types = ["home.HandbookPage"]
    icon = "book"

    class Meta:
        verbose_name = _("handbook page")

    def handbook(self) -> "HandbookPage":
        """The root of the handbook that this page belongs to."""
        root = HandbookPage.objects.ancestor_of(self, inclusive=True).order_by("depth").first()
        return in_language(HandbookPage.objects.filter(translation_key=root.translation_key)).first() or root

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        root = self.handbook()
        chapters = in_order(visible(below(root, deep=True), viewer_for(request)))
        context |= {
            "handbook": root,
            "chapters": chapters,
            "restricted": restricted_among([chapter.pk for chapter in chapters]),
            "children": self.visible_children(request),
            **_neighbours(chapters, self),
        }
        return context


def _neighbours(chapters: list[Page], page: Page) -> dict[str, Page | None]:
    """The chapters before and after ``page``, among those that the reader may see."""
    keys = [chapter.translation_key for chapter in chapters]
    if page.translation_key not in keys:
        return {"previous": None, "next": chapters[0] if chapters else None}
    here = keys.index(page.translation_key)
    return {
        "previous": chapters[here - 1] if here else None,
        "next": chapters[here + 1] if here + 1 < len(chapters) else None,
    }
