"""What may be told about groups of people: the one way by which numbers leave, whatever report, file or e-mail asks.

``published()`` says of every number ``Shown`` or ``Withheld``. It knows no user: the decision is made for what all
roles together can see. ``find_audit()`` is the batch job that looks at the groups themselves.
"""

from .audit import Audit, Finding, find_audit
from .contract import Family, Kind, Measure, Reason, Shown, Withheld
from .deciding import published
from .periods import is_closed
from .remainders import remainder
from .rules import Rules, rules
from .structure import ALL, Structure

__all__ = [
    "ALL",
    "Audit",
    "Family",
    "Finding",
    "Kind",
    "Measure",
    "Reason",
    "Rules",
    "Shown",
    "Structure",
    "Withheld",
    "find_audit",
    "is_closed",
    "published",
    "remainder",
    "rules",
]
