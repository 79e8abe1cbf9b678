"""What the audience control asks while an editor chooses: the segments there are, and how many people that reaches."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_personalize.privacy.limits import take_live_size
from wagtail_personalize.privacy.sizes import shown_size

from ..choosing import may_use
from ..clauses import Clause
from ..reach import reach
from .choices import matching_segments
from .sizes import tell_about_personal

VIEW_MEMBERS = "personalize_segments.view_members"


@require_GET
def segment_choices(request: HttpRequest) -> JsonResponse:
    """``{"values": [{value, label, group, detail}, …]}`` for what the editor typed (``q``)."""
    require_editor(request.user)
    exact = request.user.has_perm(VIEW_MEMBERS)
    return JsonResponse({"values": matching_segments(request.user, request.GET.get("q", "")[:200], exact)})


@require_GET
def reach_of_choice(request: HttpRequest) -> JsonResponse:
    """``{"reach": "1,284 people"}`` for the segments in ``include`` and ``exclude``, or ``{"problem": sentence}``."""
    require_editor(request.user)
    exact = request.user.has_perm(VIEW_MEMBERS)
    clause = Clause(_uuids(request.GET.getlist("include")), _uuids(request.GET.getlist("exclude")))
    if not may_use(request.user, clause.segment_uuids):
        return JsonResponse({"problem": _("You may not use one of these segments, so the size is not shown.")})
    if not exact and tell_about_personal([clause]):
        return JsonResponse({"problem": _("Only editors who may see the members of segments see this size.")})
    if not exact and not take_live_size(request.user):
        return JsonResponse({"problem": _("You have asked for many sizes. Please wait a few minutes.")})
    return JsonResponse({"reach": shown_size(reach([clause]), exact)})


def require_editor(user: AbstractBaseUser) -> None:
    """Only somebody who may work on some page sees which segments there are."""
    if not is_editor(user):
        raise PermissionDenied


def is_editor(user: AbstractBaseUser) -> bool:
    return PagePermissionPolicy().user_has_any_permission(user, {"add", "change", "publish"})


def _uuids(texts: Iterable[str]) -> frozenset[str]:
    """What is no UUID names no segment: it stays, so that nobody is reached."""
    return frozenset(_canonical(text) for text in texts)


def _canonical(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return text
