"""*Who sees what* in the page editor: the places of a page with their audiences, and what to know before publishing.

The page is read as it stands in the editor, saved or not: the script sends the form, and nothing of it is kept.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wagtail_personalize.privacy.limits import live_sizes_used_up, take_live_size

from ..audience_choice import AudienceChoice
from ..clauses import Clause
from ..doors.known import page_or_404
from ..inheritance import Inheritance
from ..targeted_places import places_of
from ..who_sees import WhoSees
from .endpoints import VIEW_MEMBERS
from .sizes import tell_about_personal

TEMPLATE = "wagtail_personalize/targeting/admin/who_sees.html"
#: More would not be read.
MOST_PROBLEMS = 10


def who_sees(page: Any, user: Any, *, told: set[AudienceChoice] | None = None) -> WhoSees:
    """What ``user`` may know of who sees what on ``page``. Audiences that are not in ``told`` count as live sizes."""
    exact = user.has_perm(VIEW_MEMBERS)
    found = WhoSees(page, Inheritance.load().at(page.path).access, exact=exact)
    if not exact:
        found.sizes = not tell_about_personal([Clause(frozenset(found.named))]) and not live_sizes_used_up(user)
        new = _audiences(page) - told if told is not None and found.sizes else set()
        found.sizes = found.sizes and all(take_live_size(user) for _new in new)
    return found


@require_POST
def check_page(request: HttpRequest, page_id: int) -> JsonResponse:
    """``{"html": the places, "problems": [sentence, …]}`` of the page as the form in the editor says."""
    page = page_or_404(page_id).get_latest_revision_as_object()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    told = _audiences(page)
    if not _fill_in(page, request):
        return JsonResponse({"html": "", "problems": []})
    seen = who_sees(page, request.user, told=told)
    html = render_to_string(TEMPLATE, {"who_sees": seen}, request)
    return JsonResponse({"html": html, "problems": seen.problems[:MOST_PROBLEMS]})


def warn_after_publishing(request: HttpRequest, page: Model) -> None:
    """For Wagtail's hook ``after_publish_page``: the same for whoever publishes without our script, or in bulk."""
    problems = who_sees(page, request.user).problems[:MOST_PROBLEMS]
    if problems:
        items = format_html_join("", "<li>{}</li>", ((sentence,) for sentence in problems))
        messages.warning(request, format_html("{}<ul>{}</ul>", _("Published. Please look at who sees it:"), items))


def _fill_in(page: Any, request: HttpRequest) -> bool:
    form_class = page.get_edit_handler().get_form_class()
    form = form_class(request.POST, instance=page, parent_page=page.get_parent().specific, for_user=request.user)
    form.defer_required_fields()
    if valid := form.is_valid():
        form.save(commit=False)
    return valid


def _audiences(page: Model) -> set[AudienceChoice]:
    return {version.audience for place in places_of(page) for version in place.versions}
