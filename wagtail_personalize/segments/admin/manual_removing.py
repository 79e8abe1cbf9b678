"""Taking one person off a list of named people: asked first, done at once, in the history of the segment."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.models import LookAt

from ..effective import people_in_rule
from ..impact import touched
from ..manual import change_lists
from ..models import ManualMember
from ..rules.broken import BrokenRule
from .log_actions import SEGMENT_CHANGED
from .segment_page import ListChangeMixin

Always = ManualMember.Always
_ONE_REMOVED = {"added": 0, "removed": 1}


class RemoveNamedPersonView(ListChangeMixin, WagtailAdminTemplateMixin, TemplateView):
    """For those who may change lists. The conditions decide about the person again."""

    template_name = "wagtail_personalize/segments/admin/named_person_remove.html"
    page_title = gettext_lazy("Take somebody off the list")
    header_icon = "user"

    @cached_property
    def member(self) -> ManualMember:
        rows = ManualMember.objects.filter(segment=self.object.pk).select_related("person")
        return get_object_or_404(rows, pk=self.kwargs["member_pk"])

    @property
    def back_url(self) -> str:
        return reverse("personalize_segments:named_people", args=[self.object.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            change_lists(self.object, self.member.always, [], [self.member.person_id])
            log(self.object, SEGMENT_CHANGED, user=request.user, data={f"{self.member.always}d": _ONE_REMOVED})
        name = get_user_display_name(self.member.person)
        messages.success(request, _("%(name)s is not on the list any more.") % {"name": name})
        return redirect(self.back_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.log_look(LookAt.Kind.LISTS, _("List of named people of “%(name)s”"), [self.member.person_id])
        included = self.member.always == Always.INCLUDE
        told = {"person": get_user_display_name(self.member.person), "segment": self.object.name}
        if included:
            sentence = _("%(person)s is always in “%(segment)s”. Afterwards the conditions decide.") % told
            consequence = _("By the conditions this person leaves the segment at once.")
        else:
            sentence = _("%(person)s is never in “%(segment)s”. Afterwards the conditions decide.") % told
            consequence = _("By the conditions this person joins the segment at once.")
        context = {"sentence": sentence, "consequence": consequence, "back_url": self.back_url}
        places = None if self._stays_as_it_is(included) else touched([self.object])
        return super().get_context_data(**kwargs) | context | {"touched": places}

    def _stays_as_it_is(self, included: bool) -> bool:
        """Do the conditions say the same as the list? In a draft, or a broken segment, nobody is anyway."""
        if not self.object.live or self.object.broken:
            return True
        try:
            people = people_in_rule(self.object.rule)
        except BrokenRule:
            return True
        return included is people.filter(**{get_declaration().person_path: self.member.person_id}).exists()
