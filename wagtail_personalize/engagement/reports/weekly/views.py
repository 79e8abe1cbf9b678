"""The button below the reports with which an editor asks for the weekly report, or ends it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..view import VIEW
from .models import ReportSubscription


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Begin it, or end it with ``end`` in the form; a second time changes nothing."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    if "end" in request.POST:
        ReportSubscription.objects.filter(person=request.user).delete()
        messages.success(request, _("You get no weekly report any more."))
    else:
        ReportSubscription.objects.get_or_create(person=request.user)
        messages.success(request, _("You get the figures of each week."))
    return redirect("personalize_engagement:overview")
