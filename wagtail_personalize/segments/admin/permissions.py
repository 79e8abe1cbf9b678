"""Who may do what with segments in the admin."""

from typing import Any

from django.core.exceptions import PermissionDenied

from wagtail_personalize.privacy.limits import take_live_size

from ..rights import may_manage

VIEW_MEMBERS = "personalize_segments.view_members"
PUBLISH = "personalize_segments.publish_segment"


def may_see_members(user: Any) -> bool:
    """May this user see who is in a segment, and exact figures?"""
    return user is not None and user.has_perm(VIEW_MEMBERS)


def may_publish(user: Any) -> bool:
    """May this user change what is in force?"""
    return user is not None and user.has_perm(PUBLISH)


def may_see_sizes(user: Any) -> bool:
    """May this user be shown live sizes now? For those who may not see members that counts as one of their few."""
    return may_see_members(user) or take_live_size(user)


def require_rule_writer(user: Any) -> None:
    """Raise ``PermissionDenied`` for anybody else."""
    if not may_manage(user):
        raise PermissionDenied
