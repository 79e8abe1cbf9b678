"""A move that would end a restriction, by a program in the name of somebody: an API, a bulk action, ``page.move``.

The views of the admin ask first (``admin/moving.py``). A program cannot be asked, so here it takes the permission to
restrict pages. A move in nobody's name (``page.move(target)`` in the code of the site) is the site's own decision.
"""

from collections.abc import Callable

from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.actions.move_page import MovePageAction, MovePagePermissionError

from ..page_audiences import RESTRICT
from ..widening import lost_by_moving
from ..wrapping import wrap


def attach() -> None:
    wrap(MovePageAction, "check", _check)


def _check(
    original: Callable[..., None], action: MovePageAction, parent_after: Model, skip_permission_checks: bool = False
) -> None:
    original(action, parent_after, skip_permission_checks=skip_permission_checks)
    if action.user is None or skip_permission_checks or action.user.has_perm(RESTRICT):
        return
    if lost_by_moving([action.page], parent_after):
        raise MovePagePermissionError(
            _("More people could see this page at its new place. You need the permission to restrict pages for that.")
        )
