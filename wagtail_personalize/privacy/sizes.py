"""How the size of a group of people is shown to whom.

With the permission ``view_members`` the exact figure; without it a figure from which no single person can be derived
by changing a rule step by step: rounded down to a multiple of the floor, and below the floor only that it is below.
"""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .figures.rules import rules


def rounded_size(count: int) -> int:
    """``count`` rounded down to a multiple of the privacy floor; 0 stands for *fewer than the floor*."""
    floor = rules().floor
    return count - count % floor


def shown_size(count: int, exact: bool) -> str:
    """A sentence part such as "1,284 people", "at least 1,280 people" or "fewer than 5 people"."""
    if exact:
        return ngettext("%(count)s person", "%(count)s people", count) % {"count": _figure(count)}
    if count < rules().floor:
        return _("fewer than %(count)s people") % {"count": _figure(rules().floor)}
    return _("at least %(count)s people") % {"count": _figure(rounded_size(count))}


def _figure(count: int) -> str:
    return str(number_format(count, force_grouping=True, use_l10n=True))
