"""The panel beside the editor that says what is live, what is a draft, and where the segment is used."""

from typing import Any

from wagtail.admin.ui.side_panels import StatusSidePanel


class SegmentStatusPanel(StatusSidePanel):
    """Wagtail's own, which takes from the page what its parts need."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        taken = ("view", "revisions_compare_url_name", "revision_enabled", "draftstate_enabled")
        context |= {name: parent_context.get(name) for name in taken}
        return context | {"status_templates": self.get_status_templates(context)}
