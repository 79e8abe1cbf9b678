"""Who may do what with segments in the admin."""

from typing import Any

from django.core.exceptions import PermissionDenied

MANAGE = ("personalize_segments.add_segment", "personalize_segments.change_segment")
VIEW_MEMBERS = "personalize_segments.view_members"


def may_see_members(user: Any) -> bool:
    """May this user see who is in a segment, and exact figures?"""
    return user is not None and user.has_perm(VIEW_MEMBERS)


def may_write_rules(user: Any) -> bool:
    """May this user add or change segments?"""
    return any(user.has_perm(permission) for permission in MANAGE)


def require_rule_writer(user: Any) -> None:
    """Raise ``PermissionDenied`` for anybody else."""
    if not may_write_rules(user):
        raise PermissionDenied
