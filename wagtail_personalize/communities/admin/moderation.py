"""*Comments* in the menu of the admin: what waits for approval, what was reported, and everything else.

Listed are comments on pages that the moderator may see or work on. How often and why a comment was reported is told,
never by whom.
"""

from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django_filters import BooleanFilter, ChoiceFilter
from wagtail import permissions
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_personalize.segments.admin.menu import MENU_HOOK
from wagtail_personalize.segments.viewer import Viewer, viewer_for
from wagtail_personalize.streams.admin.list_only import ListOnlyViewSet
from wagtail_personalize.targeting.audiences import audience_index
from wagtail_personalize.targeting.page_tree import page_model
from wagtail_personalize.targeting.preview_rights import closed_to

from ..comments.models import Comment, CommentReport, Reason, State
from ..comments.text import to_text
from ..people_shown import former, shown_people

MODERATE = "personalize_communities.moderate_comments"


class ModerationPolicy(ModelPermissionPolicy):
    """One permission for all of it; nobody adds or changes comments of others."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and user.has_perm(MODERATE)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")


_POLICY = ModerationPolicy(Comment)
if hasattr(permissions, "register_permission_policy"):
    permissions.register_permission_policy(Comment, _POLICY)


def known_to(viewer: Viewer) -> QuerySet[Comment]:
    """The comments that a moderator may look at: not those on pages that are closed to them in the admin as well."""
    comments = Comment.objects.exclude(state=State.REMOVED)
    pages = page_model()._base_manager.filter(translation_key=OuterRef("translation_key")).order_by()
    if audience_index(viewer).needs:
        pages = pages.exclude(pk__in=closed_to(viewer).order_by().values("pk"))
    return comments.filter(Exists(pages))


class CommentFilterSet(WagtailFilterSet):
    state = ChoiceFilter(label=gettext_lazy("State"), choices=[one for one in State.choices if one[0] != State.REMOVED])
    reported = BooleanFilter(label=gettext_lazy("Reported"), method="only_reported")

    class Meta:
        model = Comment
        fields: list[str] = []

    def only_reported(self, comments: QuerySet, name: str, value: bool) -> QuerySet:
        return comments.filter(open_reports__gt=0) if value else comments.filter(open_reports=0)


class CommentsView(IndexView):
    """What needs somebody first. A fixed number of queries."""

    any_permission_required = ["view"]
    template_name = "wagtail_personalize/communities/admin/comments.html"

    def get_base_queryset(self) -> QuerySet:
        return with_reports(known_to(viewer_for(self.request)))

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        waiting = Case(When(state=State.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
        return queryset.order_by(waiting, "-open_reports", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="comment"),
            Column("text", label=pgettext("of readers", "Comment"), accessor="excerpt"),
            Column("author_name", label=_("By")),
            Column("page_title", label=_("Page")),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("why", label=_("Reported")),
            DateColumn("created_at", label=_("Written")),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        described(list(context["object_list"]))
        return context


def with_reports(comments: QuerySet) -> QuerySet:
    return comments.annotate(open_reports=Count("reports", filter=Q(reports__is_settled=False)))


def described(comments: list[Comment]) -> list[Comment]:
    """The same comments with what a list says of each; a fixed number of queries."""
    ids = [comment.pk for comment in comments]
    people = shown_people(comment.author_id for comment in comments)
    keys = {comment.translation_key for comment in comments}
    pages = page_model()._base_manager.filter(translation_key__in=keys).order_by("-live", "pk")
    titles = {page.translation_key: page for page in reversed(pages)}
    reasons: dict[int, list[str]] = {}
    reports = CommentReport.objects.filter(comment__in=ids, is_settled=False).order_by("pk")
    for pk, reason, text in reports.values_list("comment", "reason", "text"):
        reasons.setdefault(pk, []).append(f"{Reason(reason).label}{': ' if text else ''}{text}")
    for comment in comments:
        page = titles.get(comment.translation_key)
        comment.excerpt = Truncator(to_text(comment.html, {}, former().name)).chars(280)
        comment.author_name = people.get(comment.author_id, former()).name
        comment.page_title = page.get_admin_display_title() if page else ""
        comment.why = " · ".join(reasons.get(comment.pk, []))
    return comments


class CommentViewSet(ListOnlyViewSet):
    """One list, without anything to edit."""

    model = Comment
    name = "personalize_comments"
    url_prefix = "personalize/comments"
    icon = "comment"
    menu_label = pgettext_lazy("of readers", "Comments")
    menu_order = 265
    menu_hook = MENU_HOOK
    form_fields = ["state"]
    permission_policy = _POLICY
    index_view_class = CommentsView
    filterset_class = CommentFilterSet
    search_fields = ["html"]


comment_viewset = CommentViewSet()
