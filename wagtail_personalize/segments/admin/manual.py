"""The lists of people whom a segment always includes or always excludes, as a form edits them."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model

from ..models import ManualMember, Segment


def listed(segment: Segment, always: str) -> list[str]:
    """The keys, as text, of the people on one list of ``segment``, in the order in which they were added."""
    rows = ManualMember.objects.filter(segment=segment, always=always).order_by("pk")
    return [str(key) for key in rows.values_list("person", flat=True)]


def write_lists(segment: Segment, included: Collection[Any], excluded: Collection[Any]) -> None:
    """Make the lists of ``segment`` be these keys; who is on both is excluded."""
    included = [key for key in included if key not in excluded]
    was_included = listed(segment, ManualMember.Always.INCLUDE)
    was_excluded = listed(segment, ManualMember.Always.EXCLUDE)
    gone = {*was_included, *was_excluded} - {*included, *excluded}
    if gone:
        segment.let_rule_decide(_people(gone))
    if new := [key for key in included if key not in was_included]:
        segment.always_include(_people(new))
    if new := [key for key in excluded if key not in was_excluded]:
        segment.always_exclude(_people(new))


def _people(keys: Collection[Any]) -> list[Any]:
    return list(get_user_model()._default_manager.filter(pk__in=keys).order_by("pk"))
