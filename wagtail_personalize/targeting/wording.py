"""An audience as a sentence for editors."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_personalize.segments.models import Segment

from .audience_choice import AudienceChoice


def describe(raw: Any) -> str:
    """Whom the stored form of an audience means, such as "New joiners or Managers, not IT, from 1 March 2027"."""
    choice = AudienceChoice.from_raw(raw)
    return SegmentNames(choice.clause.segment_uuids).describe(choice)


class SegmentNames:
    """The names of some segments, asked in one query, and sentences about audiences that name them."""

    def __init__(self, uuids: Iterable[str]) -> None:
        rows = Segment.objects.filter(uuid__in=list(uuids)).values_list("uuid", "name", "live", "broken")
        self._rows = {str(uuid): row for uuid, *row in rows}

    def describe(self, choice: AudienceChoice) -> str:
        """Whom ``choice`` means."""
        if choice.unreadable:
            return _("Nobody: this audience cannot be read")
        parts = [self._joined(choice.include) or _("Everyone")]
        if choice.exclude:
            parts.append(_("not %(segments)s") % {"segments": self._joined(choice.exclude)})
        if choice.starts:
            parts.append(_("from %(moment)s") % {"moment": _moment(choice.starts)})
        if choice.ends:
            parts.append(_("until %(moment)s") % {"moment": _moment(choice.ends)})
        return ", ".join(parts)

    def unusable(self, uuids: Iterable[str]) -> list[str]:
        """Those through which nobody passes, not even where they are left out: deleted, drafts or broken, in words."""
        return sorted(filter(None, map(self._why_unusable, uuids)))

    def _why_unusable(self, uuid: str) -> str:
        row = self._rows.get(uuid)
        if row is None:
            return _("a deleted segment")
        name, live, broken = row
        if not live:
            return _("“%(segment)s”, which is a draft") % {"segment": name}
        return _("“%(segment)s”, which needs repair") % {"segment": name} if broken else ""

    def _joined(self, uuids: Iterable[str]) -> str:
        names = [name_with_state(*row[:2]) if (row := self._rows.get(uuid)) else None for uuid in uuids]
        return _(" or ").join(sorted(name or _("a deleted segment") for name in names))


def name_with_state(name: str, live: bool) -> str:
    """The name of a segment, with a warning when it is a draft."""
    return name if live else _("%(segment)s (a draft: nobody is in it)") % {"segment": name}


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
