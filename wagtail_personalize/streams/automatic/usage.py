"""Where auto-subscription uses segments."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.usage import Usage

from ..sources.finding import labels_for_editors
from .models import Mode
from .rules import rules_with


def rules_with_segment(segment: Segment) -> Iterator[Usage]:
    """A mandatory rule decides about people as a restriction does: nobody may bring themselves into it."""
    rules = list(rules_with(segment=segment.pk))
    labels = labels_for_editors(rule.source for rule in rules)
    try:
        url = reverse("personalize_streams:segment_rules", args=[segment.pk])
    except NoReverseMatch:
        url = ""
    for rule in rules:
        title = f"{labels[rule.source_id]} ({Mode(rule.mode).short})"
        yield Usage(_("Auto-subscription"), title, url, restricts=rule.mode == Mode.MANDATORY)
