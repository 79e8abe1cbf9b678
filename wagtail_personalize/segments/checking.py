"""Proving that the stored memberships are what the rules say."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .changing import catch_up, changing_memberships
from .comparing import missing, surplus
from .days import today
from .deriving import Meaning, meanings
from .models import Membership, Segment


def check(segments: Iterable[Segment] | None = None) -> list[str]:
    """One sentence for each way in which a segment is stored otherwise than computed now; nothing is changed.

    The tables that rules are compiled against are worked out anew for this, in a transaction that is rolled back.
    """
    wanted = Segment.objects.order_by("pk") if segments is None else segments
    with changing_memberships():
        catch_up()
        differences = [sentence for meaning in meanings(wanted, today()) for sentence in _differences(meaning)]
        transaction.set_rollback(True, using=Membership.objects.db)
    return differences


def _differences(meaning: Meaning) -> Iterable[str]:
    segment, q = meaning.segment, meaning.q
    name = {"segment": segment.name}
    if q is None:
        absent, extra = 0, Membership.objects.filter(segment=segment).count()
    else:
        absent, extra = missing(segment.pk, q).count(), surplus(segment.pk, q).count()
    if absent:
        text = ngettext("%(segment)s: %(n)d person is missing.", "%(segment)s: %(n)d people are missing.", absent)
        yield text % {**name, "n": absent}
    if extra:
        text = ngettext("%(segment)s: %(n)d person too many.", "%(segment)s: %(n)d people too many.", extra)
        yield text % {**name, "n": extra}
    if bool(segment.broken) != bool(meaning.flags["broken"]):
        yield (_("%(segment)s is broken.") if q is None else _("%(segment)s is no longer broken.")) % name
    if {flag for flag in meaning.changed_flags if flag != "broken"}:
        yield _("%(segment)s: what its rule depends on has changed.") % name
