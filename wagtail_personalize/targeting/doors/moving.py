"""A move that would end a restriction, by a program in the name of somebody: an API, a bulk action, ``page.move``.

The views of the admin ask first (``admin/moving.py``). A program cannot be asked, so here it takes the permission to
restrict pages. A move in nobody's name (``page.move(target)`` in the code of the site) is the site's own decision.

Wagtail's view that asks whether to move names both pages and the slugs at the new place before it asks for permission:
to whoever does not know one of the pages, it is missing.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.actions.move_page import MovePageAction, MovePagePermissionError
from wagtail.admin.views.pages import move

from ..page_audiences import RESTRICT
from ..widening import lost_by_moving
from ..wrapping import wrap
from .choosers import require_choosable


def attach() -> None:
    wrap(MovePageAction, "check", _check)
    if hasattr(move, "MoveConfirmView"):
        wrap(move.MoveConfirmView, "dispatch", _confirming)
    else:  # Wagtail 7
        wrap(move, "move_confirm", _confirming_by_function)


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


def _confirming(
    original: Callable[..., HttpResponse],
    view: Any,
    request: HttpRequest,
    page_to_move_id: int,
    destination_id: int,
    **kwargs: Any,
) -> HttpResponse:
    require_choosable([page_to_move_id, destination_id], request)
    return original(view, request, page_to_move_id=page_to_move_id, destination_id=destination_id, **kwargs)


def _confirming_by_function(
    original: Callable[..., HttpResponse], request: HttpRequest, page_to_move_id: int, destination_id: int
) -> HttpResponse:
    require_choosable([page_to_move_id, destination_id], request)
    return original(request, page_to_move_id, destination_id)
