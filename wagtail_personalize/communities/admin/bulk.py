"""Hiding or approving many comments at once. What is so already stays as it is; everything that changes is logged."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.bulk_action import BulkAction

from wagtail_personalize.segments.viewer import viewer_for

from ..comments.models import Comment, State
from ..comments.reporting import decide
from .moderation import MODERATE, CommentFilterSet, described, known_to, with_reports


class CommentBulkAction(BulkAction):
    """What both have in common: ``state`` is what they make of a comment."""

    models = [Comment]
    template_name = "wagtail_personalize/communities/admin/bulk_comments.html"
    state: State
    #: What the page asks, and what its button says.
    question = submit_words = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MODERATE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def check_perm(self, obj: Comment) -> bool:
        """Asked for each that was named: one on a page that the moderator may not know of is left out."""
        if not hasattr(self, "_known"):
            self._known = set(known_to(viewer_for(self.request)).values_list("pk", flat=True))
        return obj.pk in self._known

    @classmethod
    def get_queryset(cls, model: type[Comment], object_ids: Sequence[Any]) -> QuerySet[Comment]:
        return Comment.objects.filter(pk__in=[key for key in object_ids if str(key).isdecimal()])

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet:
        """All that the list shows, with its filters and its search."""
        known = with_reports(known_to(viewer_for(self.request)))
        found = CommentFilterSet(self.request.GET, queryset=known, request=self.request).qs
        if typed := self.request.GET.get("q"):
            found = found.filter(html__icontains=typed)
        return found.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"comments": described([one["item"] for one in context["items"]]), "action": self}

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user}

    @classmethod
    def execute_action(cls, objects: Sequence[Comment], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        return decide(objects, cls.state, user), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d comment was changed.", "%(number)d comments were changed.", num_parent_objects) % {
            "number": num_parent_objects
        }


class ApproveBulkAction(CommentBulkAction):
    display_name = gettext_lazy("Approve")
    aria_label = gettext_lazy("Approve the selected comments")
    action_type = "personalize_approve"
    action_priority = 10
    state = State.VISIBLE
    question = gettext_lazy("Let everybody who sees the page read these comments? Reports about them are settled.")
    submit_words = gettext_lazy("Yes, approve")


class HideBulkAction(CommentBulkAction):
    display_name = gettext_lazy("Hide")
    aria_label = gettext_lazy("Hide the selected comments")
    action_type = "personalize_hide"
    action_priority = 20
    classes = {"serious"}
    state = State.HIDDEN
    question = gettext_lazy("Hide these comments? Only their authors and you see them then.")
    submit_words = gettext_lazy("Yes, hide")
