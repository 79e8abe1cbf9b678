"""The list of segments."""

from collections.abc import Iterable

import django_filters
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, Table
from wagtail.admin.views.generic import IndexView

from wagtail_personalize.privacy.sizes import shown_size

from ..models import Membership, Segment
from ..refresh import ensure_today
from ..rules.sentence import sentences
from .permissions import may_see_members

#: Columns that a phone leaves out.
WIDE_ONLY = "personalize-wide-only"


class SegmentFilterSet(WagtailFilterSet):
    """By category and by state."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_state",
        choices=[
            ("live", _("Live")),
            ("draft", _("Draft")),
            ("live_draft", _("Live + draft")),
            ("broken", _("Broken")),
        ],
    )

    class Meta:
        model = Segment
        fields = ["category"]

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        match value:
            case "draft":
                return queryset.filter(live=False)
            case "broken":
                return queryset.filter(live=True).exclude(broken="")
            case "live_draft":
                return queryset.filter(live=True, has_unpublished_changes=True)
        return queryset.filter(live=True, broken="")


class SegmentIndexView(IndexView):
    """Segments with what they mean in words, how large they are, and whether they still work."""

    template_name = "wagtail_personalize/segments/admin/index.html"
    filterset_class = SegmentFilterSet
    search_fields = ["name", "description"]
    search_backend_name = None
    default_ordering = "name"

    def get_base_queryset(self) -> QuerySet:
        ensure_today()
        members = Membership.objects.filter(segment=OuterRef("pk")).order_by().values("segment")
        size = Coalesce(Subquery(members.annotate(number=Count("pk")).values("number")), 0)
        return super().get_base_queryset().select_related("category").annotate(members=size)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("category", label=_("Category"), sort_key="category__order", classname=WIDE_ONLY),
            Column("sentence", label=_("Who is in it")),
            Column("size", label=_("Size"), accessor=self.size_of),
            StatusTagColumn("broken", label=_("State"), accessor=state_of, primary=is_working),
            DateColumn("refreshed_at", label=_("Last refreshed"), sort_key="refreshed_at", classname=WIDE_ONLY),
        ]

    def get_table(self, object_list: Iterable[Segment]) -> Table:
        """Read all rules of the page aloud at once."""
        segments = list(object_list)
        for segment, words in zip(segments, sentences(segment.rule for segment in segments), strict=True):
            segment.sentence = words
        return super().get_table(segments)

    def size_of(self, segment: Segment) -> str:
        return shown_size(segment.members, may_see_members(self.request.user))


def state_of(segment: Segment) -> str:
    """The state of a segment in a word or two. Nobody expects a draft to work, so it is never called broken."""
    if not segment.live:
        return gettext("Draft")
    if segment.broken:
        return gettext("Broken")
    return gettext("Live + draft") if segment.has_unpublished_changes else gettext("Live")


def is_working(segment: Segment) -> bool:
    return segment.live and not segment.broken
