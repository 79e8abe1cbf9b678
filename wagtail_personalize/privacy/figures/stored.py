"""The newest audit, kept so that reports need not look at people: groups and how they overlap, nobody's membership."""

from datetime import timedelta

from django.utils import timezone

from ..models import GroupAudit
from .audit import Audit, Finding
from .rules import rules
from .structure import Structure

#: An audit older than this says nothing of today: until there is a new one, no group is told.
VALID = timedelta(days=14)
_NOTHING = Structure((), ())


def keep(audit: Audit) -> GroupAudit:
    """Store the audit; the one before is of no use any more."""
    GroupAudit.objects.all().delete()
    return GroupAudit.objects.create(
        floor=rules().floor,
        sizes=[list(pair) for pair in audit.structure.sizes],
        overlaps=[sorted(atom) for atom in audit.structure.atoms],
        findings=[[finding.group, finding.why, list(finding.others)] for finding in audit.findings],
    )


def newest() -> GroupAudit | None:
    """The audit that holds, if there is one; one query."""
    found = GroupAudit.objects.order_by("-at", "-pk").first()
    if found is None or found.floor < rules().floor or found.at < timezone.now() - VALID:
        return None
    return found


def structure_of(audit: GroupAudit | None) -> Structure:
    """What may be published after this audit; nothing without one."""
    if audit is None:
        return _NOTHING
    sizes = tuple((group, size) for group, size in audit.sizes)
    return Structure(sizes, tuple(frozenset(atom) for atom in audit.overlaps))


def findings_of(audit: GroupAudit | None) -> list[Finding]:
    return [Finding(group, why, tuple(others)) for group, why, others in audit.findings] if audit else []
