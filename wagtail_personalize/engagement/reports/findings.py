"""What the audit found, in words for those who choose the segments."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_personalize.privacy.figures import Finding, rules
from wagtail_personalize.privacy.figures.audit import TOO_ALIKE, TOO_SMALL
from wagtail_personalize.segments.models import Segment

from ..models import ALL


def sentences(findings: Iterable[Finding]) -> list[str]:
    """One sentence for each; one query."""
    return list(sentences_by_segment(findings).values())


def sentences_by_segment(findings: Iterable[Finding]) -> dict[int, str]:
    findings = list(findings)
    wanted = {group for finding in findings for group in (finding.group, *finding.others)}
    names = {**dict(Segment.objects.filter(pk__in=wanted).values_list("pk", "name")), ALL: _("all people")}
    return {finding.group: _sentence(finding, names) for finding in findings}


def _sentence(finding: Finding, names: dict[int, str]) -> str:
    words = {
        "segment": names.get(finding.group, _("a deleted segment")),
        "others": ", ".join(names.get(group, _("a deleted segment")) for group in finding.others),
        "floor": rules().floor,
    }
    if finding.why == TOO_SMALL:
        return _("%(segment)s is not told: it has fewer than %(floor)d people.") % words
    if finding.why == TOO_ALIKE:
        return _("%(segment)s is not told: it differs from %(others)s by fewer than %(floor)d people.") % words
    return (
        _("%(segment)s is not told: with %(others)s it would give away a group of fewer than %(floor)d people.") % words
    )
