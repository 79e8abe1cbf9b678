"""*E-mails* in the menu of the admin: how many stand where, and those that somebody has to look after.

Listed are only mails that were refused, and those of which nobody knows whether they arrived. What became of all
others, and who has read anything, is told to nobody. Names are for those who may see members of segments; each look is
logged.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import View
from django_filters import ChoiceFilter
from wagtail import permissions
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_personalize.people.names import person_name
from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.segments.admin.menu import MENU_HOOK
from wagtail_personalize.segments.admin.permissions import may_see_members

from ..admin.list_only import ListOnlyViewSet
from .models import OutgoingMail, State
from .tasks import send_soon

LISTED = (State.AMBIGUOUS, State.FAILED)
#: The permission to decide what becomes of them.
RESOLVE = "personalize_streams.resolve_outgoingmail"


class MailsPolicy(ModelPermissionPolicy):
    """Nobody adds, changes or deletes mails by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")


_POLICY = MailsPolicy(OutgoingMail)
if hasattr(permissions, "register_permission_policy"):
    permissions.register_permission_policy(OutgoingMail, _POLICY)


class MailFilterSet(WagtailFilterSet):
    state = ChoiceFilter(label=gettext_lazy("State"), choices=[(state.value, state.label) for state in LISTED])

    class Meta:
        model = OutgoingMail
        fields: list[str] = []


class DecideColumn(Column):
    """The two buttons, for those who may decide."""

    cell_template_name = "wagtail_personalize/streams/admin/mail_buttons.html"

    def get_cell_context_data(self, instance: OutgoingMail, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"csrf_token": parent_context.get("csrf_token")}


class MailsView(IndexView):
    """A fixed number of queries."""

    default_ordering = "-ended_at"
    any_permission_required = ["view"]

    def get_base_queryset(self) -> QuerySet:
        return OutgoingMail.objects.filter(state__in=LISTED).select_related("person")

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            Column("kind", label=_("What"), accessor=lambda mail: _("Notification") if mail.notice_id else _("Digest")),
            Column("state", label=_("State"), accessor="get_state_display"),
            DateColumn("ended_at", label=_("When"), sort_key="ended_at"),
            Column("error", label=_("What the mail server said")),
        ]
        if self._sees_names:
            columns.insert(
                0, Column("person", label=pgettext("recipient", "To"), accessor=lambda mail: person_name(mail.person))
            )
        if self.request.user.has_perm(RESOLVE):
            columns.append(DecideColumn("decide", label=_("Decide")))
        return columns

    @cached_property
    def _sees_names(self) -> bool:
        return may_see_members(self.request.user)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        found = dict(OutgoingMail.objects.order_by().values_list("state").annotate(Count("pk")))
        counts = [(state.label, found.get(state.value, 0)) for state in State]
        if self._sees_names and context["object_list"]:
            persons = {mail.person_id for mail in context["object_list"]}
            log_names_seen(self.request.user, _("E-mails"), persons)
        return context | {"mail_counts": counts}


class DecideView(View):
    """*Send again* or *forget*, by POST; what somebody else decided meanwhile stays."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(RESOLVE) or not request.user.has_perm("personalize_streams.view_outgoingmail"):
            raise PermissionDenied
        mails = OutgoingMail.objects.filter(pk=pk, state__in=LISTED)
        if request.POST.get("do") == "again":
            self._tell(send_again(mails), _("The e-mail will be sent again."))
            send_soon()
        elif request.POST.get("do") == "forget":
            self._tell(forget(mails), _("The e-mail will not be sent."))
        return redirect(reverse("personalize_mails:index"))

    def _tell(self, number: int, sentence: str) -> None:
        if number:
            messages.success(self.request, sentence)
        else:
            messages.warning(self.request, _("Somebody else has decided about this e-mail."))


def send_again(mails: QuerySet) -> int:
    """The same Message-ID goes out once more, with what the person may still see of it."""
    values = {"state": State.WAITING, "attempts": 0, "error": "", "lease_until": None}
    return mails.update(due_at=timezone.now(), ended_at=None, **values)


def forget(mails: QuerySet) -> int:
    return mails.update(state=State.DROPPED, error="forgotten", lease_until=None, ended_at=timezone.now())


class MailsViewSet(ListOnlyViewSet):
    """One list, without anything to edit."""

    model = OutgoingMail
    name = "personalize_mails"
    url_prefix = "personalize/mails"
    icon = "mail"
    menu_label = gettext_lazy("E-mails")
    menu_order = 270
    menu_hook = MENU_HOOK
    form_fields = ["state"]
    permission_policy = _POLICY
    index_view_class = MailsView
    index_template_name = "wagtail_personalize/streams/admin/mails.html"
    index_results_template_name = "wagtail_personalize/streams/admin/mails_results.html"
    filterset_class = MailFilterSet

    def get_urlpatterns(self) -> list[Any]:
        decide = path("<int:pk>/decide/", DecideView.as_view(), name="decide")
        return [*super().get_urlpatterns(), decide]


mails_viewset = MailsViewSet()
