"""Making the report of the newest week that is over: once for each week, however often it is asked for."""

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.streams.notifications.telling import tell

from ...models import ALL
from ..filters import Asked
from ..key_figures import SiteNumbers
from ..reading import Reader
from .event import EVENT

_LONGEST = 300


def send_weekly_report() -> str | None:
    """The week that was told now, as words; ``None`` if there is none, or if it was told before."""
    asked = Asked({}, Reader(), ("week",))
    if not rules().is_measured or asked.period is None or not asked.period.is_closed:
        return None
    with transaction.atomic():
        notice = tell(EVENT, asked.period.key, text=_summary(SiteNumbers(asked.reader, asked.period)))
    return str(asked.period) if notice else None


def _summary(site: SiteNumbers) -> str:
    """The six figures in a line. The same for everybody, as all that is told is told to all."""
    parts = [
        _("%(what)s: %(number)s") % {"what": figure.label, "number": figure.cell.text}
        for figure in site.figures(ALL)
        if not figure.cell.is_withheld
    ]
    return Truncator(" · ".join(parts)).chars(_LONGEST)
