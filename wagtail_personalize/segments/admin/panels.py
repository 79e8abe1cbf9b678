"""What the segment form is made of."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel, TitleFieldPanel
from wagtail.admin.widgets.slug import SlugInput

from .forms import EXCLUDED, INCLUDED
from .manual_lists import LONG_LISTS
from .permissions import VIEW_MEMBERS
from .revisions import ComparedRulePanel


class LivePanel(Panel):
    """Says, while the rule is being edited, how it reads and how many people it means."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_personalize/segments/admin/live_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            url = reverse("personalize_segments:live")
            context["url"] = f"{url}?segment={self.instance.pk}" if self.instance.pk else url
            return context


class RulePanel(MultiFieldPanel):
    """The rule builder and, beside it where there is room, what it means at present."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "wagtail_personalize/segments/admin/rule_panel.html"


SEGMENT_PANELS = [
    TitleFieldPanel("name", placeholder=_("Name of the segment"), required_on_save=True),
    RulePanel(
        [ComparedRulePanel("rule"), LivePanel()],
        heading=_("Who is in it"),
        icon="group",
        classname="personalize-rule-panel",
    ),
    MultiFieldPanel(
        [
            FieldPanel(
                INCLUDED,
                permission=VIEW_MEMBERS,
                help_text=_("People who belong to this segment whatever the conditions say."),
            ),
            FieldPanel(
                EXCLUDED,
                permission=VIEW_MEMBERS,
                help_text=_("People who never belong to this segment, even if the conditions match."),
            ),
            LONG_LISTS,
        ],
        heading=_("Named people"),
        icon="user",
        permission=VIEW_MEMBERS,
    ),
    MultiFieldPanel(
        [
            FieldPanel("description", help_text=_("For your colleagues: what is this segment for?")),
            FieldPanel("category"),
            FieldPanel(
                "slug",
                widget=SlugInput,
                help_text=_("Names this segment in templates and files. Leave it empty to take it from the name."),
            ),
        ],
        heading=_("Details"),
        icon="info-circle",
    ),
]
