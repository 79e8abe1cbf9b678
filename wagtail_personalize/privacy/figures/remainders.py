"""Those who did not: what is left of a group when those who did are taken away."""

from .contract import Reason, Shown, Withheld
from .rules import MASKED_BELOW, rules


def remainder(size: int, did: int, objected: int) -> Shown | Withheld:
    """How many of ``size`` people did not, without those who objected to be counted: nobody knows whether they did.

    ``objected`` is counted in the same group. Told only where neither part is a group too small to be told.
    """
    left = max(size - did - objected, 0)
    floor = rules().floor
    if any(0 < part < floor for part in (left, did, size)):
        return Withheld(Reason.TOO_FEW)
    if size < MASKED_BELOW and (not left or not did):
        return Withheld(Reason.ALL_OR_NONE)
    return Shown(left)
