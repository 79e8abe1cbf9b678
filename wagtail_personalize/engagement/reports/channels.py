"""By channel: where those who opened pages came from. Only how often, and only where enough people came that way.

How many people came by a channel is not told: they and all viewers of the page would be two groups that may differ by
a single person. Events of segments have no channel, so that it joins nothing; so this is told of all people only.
"""

from collections import Counter
from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from wagtail_personalize.privacy.figures import Family, Kind, Measure, Shown, published

from ..kinds import Channel
from ..models import ALL, ChannelFigures
from .cells import Body, Column, Table, bars, number_cell, share_cell, text_cell
from .contents import pages_called
from .filters import Asked
from .measures import EXPLANATIONS, LABELS
from .report import NOTHING_YET, Report

_MEASURES = (Measure("viewers", Kind.PEOPLE), Measure("views", Kind.ACTIONS, of="viewers"))


class ByChannel(Report):
    name = "channels"
    title = gettext_lazy("By channel")
    explanation = gettext_lazy("Where those who opened pages came from: another page, an e-mail, the bell, the search.")

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        table = channels_table(asked, _known_contents(asked, request))
        table.title = self.title
        return Body(charts=[bars(pgettext("of pages", "Views"), table.rows, 1)], tables=[table])


def channels_table(asked: Asked, contents: Collection[int]) -> Table:
    """Channels, the one that led to these contents most often first."""
    found = views_by_channel(asked, contents)
    whole = sum(found.values())
    rows = [
        [text_cell(Channel(channel).label), number_cell(Shown(views)), share_cell(Shown(views / whole))]
        for channel, views in found.most_common()
        if views
    ]
    table = Table(_("Where readers came from"), COLUMNS, rows, is_of_chart=True)
    table.empty = _("By no channel came enough people.")
    table.note = _(
        "Of all people, where enough of them came to a page that way; how many people came is not told. Directly: by a "
        "typed address, a bookmark or another system."
    )
    return table


def _known_contents(asked: Asked, request: HttpRequest) -> list[int]:
    """Pages of this time that exist for the user."""
    rows = ChannelFigures.objects.filter(span=asked.period.span, start=asked.period.start)
    keys = dict(rows.values_list("content__key", "content_id").distinct())
    return [keys[key] for key in pages_called(keys, request)]


def views_by_channel(asked: Asked, contents: Collection[int]) -> Counter[str]:
    """How often each channel led to these contents, where it may be told; two queries with the audit."""
    period, found = asked.period, Counter()
    rows = ChannelFigures.objects.filter(span=period.span, start=period.start, content__in=contents)
    for channel, viewers, views in rows.values_list("channel", "viewers", "views"):
        family = Family({ALL: {"viewers": viewers, "views": views}}, period.is_closed)
        decision = published(family, _MEASURES, asked.reader.structure)[ALL]["views"]
        if isinstance(decision, Shown):
            found[channel] += decision.value
    return found


COLUMNS = (
    Column(gettext_lazy("Channel"), is_number=False),
    Column(LABELS["views"], EXPLANATIONS["views"]),
    Column(pgettext_lazy("part of a whole", "Share"), gettext_lazy("Of the views that are told here.")),
)
