"""What the figures suggest, in plain sentences. Only what is told in the reports anyway goes into them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..models import ALL
from .cells import said_share
from .filters import Asked
from .hours import busiest_hour
from .key_figures import SiteNumbers
from .measures import AUDIENCE, PARTICIPANTS, REACHED, VIEWERS

MOST = 5
#: A segment is worth a sentence when its reach lies so far below that of all people.
BEHIND = 0.1


def suggestions(asked: Asked, site: SiteNumbers) -> list[str]:
    """At most five, the most pressing first. One query for each segment that is named."""
    found = [*_behind(asked, site), *_searching_in_vain(site), *_silent(asked, site)]
    return found[:MOST]


def _reach(site: SiteNumbers, group: int) -> float | None:
    return getattr(site.of(group).ratio(REACHED, AUDIENCE), "value", None)


def _behind(asked: Asked, site: SiteNumbers) -> Iterator[str]:
    whole = _reach(site, ALL)
    reaches = sorted((reach, group) for group in asked.segments if (reach := _reach(site, group)) is not None)
    for reach, group in reaches[:2]:
        if whole is None or reach > whole - BEHIND:
            continue
        words = {"segment": asked.called(group), "share": said_share(reach), "all": said_share(whole)}
        hour = busiest_hour(asked.reader, site.period, group)
        if hour is None:
            yield _("%(segment)s was reached at %(share)s, all people at %(all)s.") % words
        else:
            words["hour"] = f"{hour}:00"
            yield (
                _("%(segment)s was reached at %(share)s, all people at %(all)s; its busiest hour is %(hour)s.") % words
            )


def _searching_in_vain(site: SiteNumbers) -> Iterator[str]:
    share = getattr(site.of().ratio("searches_without_result", "searches"), "value", None)
    if share is not None and share >= 0.2:
        sentence = _("%(share)s of all searches found nothing: look which words were searched for in vain.")
        yield sentence % {"share": said_share(share)}


def _silent(asked: Asked, site: SiteNumbers) -> Iterator[str]:
    for group in asked.segments:
        share = getattr(site.of(group).ratio(PARTICIPANTS, VIEWERS), "value", None)
        if share is not None and share < 0.1:
            words = {"segment": asked.called(group), "share": said_share(share)}
            yield _("%(segment)s reads, but only %(share)s of its readers react: ask a question there.") % words
