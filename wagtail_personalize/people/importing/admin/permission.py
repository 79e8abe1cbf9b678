"""Who may import people in the admin."""

from typing import Any

from django.core.exceptions import PermissionDenied

RUN_IMPORT = "personalize_people.run_import"


def may_import(user: Any) -> bool:
    """May this user bring people in?"""
    return user.has_perm(RUN_IMPORT)


class ImportersOnly:
    """Mix into a view, first: nobody else gets any answer."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
