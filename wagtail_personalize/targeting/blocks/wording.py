"""An audience as a sentence for editors."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_personalize.segments.models import Segment

from ..audience_choice import AudienceChoice


def describe(raw: Any) -> str:
    """Whom the stored form of an audience means, such as "New joiners or Managers, not IT, from 1 March 2027"."""
    choice = AudienceChoice.from_raw(raw)
    if choice.unreadable:
        return _("Nobody: this audience cannot be read")
    parts = [_named(choice.include) or _("Everyone")]
    if choice.exclude:
        parts.append(_("not %(segments)s") % {"segments": _named(choice.exclude)})
    if choice.starts:
        parts.append(_("from %(moment)s") % {"moment": _moment(choice.starts)})
    if choice.ends:
        parts.append(_("until %(moment)s") % {"moment": _moment(choice.ends)})
    return ", ".join(parts)


def _named(uuids: Iterable[str]) -> str:
    names = {str(uuid): name for uuid, name in Segment.objects.filter(uuid__in=uuids).values_list("uuid", "name")}
    return _(" or ").join(sorted(names.get(uuid) or _("a deleted segment") for uuid in uuids))


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
