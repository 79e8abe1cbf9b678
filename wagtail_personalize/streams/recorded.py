"""Whether a person has a private address for feeds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_day

from .models import FeedAddress


@register_recorded
class FeedAddressSection(Section):
    """The token itself is not told: whoever reads the file could read the feeds."""

    name = "feed_address"
    title = _("Your private address for feeds")
    purpose = _(
        "So that your feed reader shows you what you may see. You can make it invalid on the page of any hashtag."
    )
    retention = _("Until you make it invalid.")
    models = ("personalize_streams.FeedAddress",)
    order = 400

    def rows(self, person: Any) -> list[Row]:
        made = FeedAddress.objects.filter(person=person).values_list("created_at", flat=True)
        return [Row(_("Address for feeds"), said_day(moment)) for moment in made]
