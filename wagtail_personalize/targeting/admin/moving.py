"""A page that leaves a restricted section: the editor is asked before more people may see it.

Restrictions end by such a move, so it takes the permission to restrict pages, like lifting one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from ..clauses import Clauses
from ..page_audiences import RESTRICT
from ..widening import lost_by_moving
from .status import in_words

#: Sent along by the page that asks.
CONFIRMED = "personalize_widen"


def ask_before_move(request: HttpRequest, page: Model, destination: Model) -> TemplateResponse | None:
    """For Wagtail's own view; answers instead of it, also instead of its question whether to move."""
    return _ask(request, [page], destination)


def ask_before_bulk_move(
    request: HttpRequest, action_type: str, pages: Iterable[Model], action: Any
) -> TemplateResponse | None:
    """For many pages at once."""
    if action_type != "move" or getattr(action, "cleaned_form", None) is None:
        return None
    return _ask(request, list(pages), action.cleaned_form.cleaned_data["chooser"])


def _ask(request: HttpRequest, pages: list[Model], destination: Model) -> TemplateResponse | None:
    widened = lost_by_moving(pages, destination)
    back_url = reverse("wagtailadmin_explore", args=[pages[0].get_parent().pk])
    return question(request, widened, destination.get_admin_display_title(), back_url)


def question(
    request: HttpRequest, widened: Mapping[Model, Clauses], destination: str, back_url: str, what: str = "pages"
) -> TemplateResponse | None:
    """The page that asks whether more people may see what would be ``widened``; ``None`` when nothing is to be asked.

    ``what`` is moved chooses the words: ``pages``, ``files`` or ``collection``.
    """
    may_widen = request.user.has_perm(RESTRICT)
    if not widened or (may_widen and request.method == "POST" and request.POST.get(CONFIRMED)):
        return None
    context = {
        "widened": [(_title(each), in_words(clauses)) for each, clauses in widened.items()],
        "destination": destination,
        "may_widen": may_widen,
        "address": request.get_full_path(),
        "sent": _sent(request),
        "confirmed": CONFIRMED,
        "back_url": back_url,
    }
    return TemplateResponse(request, f"wagtail_personalize/targeting/admin/confirm_widening_{what}.html", context)


def _title(moved: Model) -> str:
    return moved.get_admin_display_title() if hasattr(moved, "get_admin_display_title") else str(moved)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent with the request, to be sent once more."""
    names = [name for name in request.POST if name not in ("csrfmiddlewaretoken", CONFIRMED)]
    return [(name, value) for name in names for value in request.POST.getlist(name)]
