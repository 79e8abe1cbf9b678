"""The audience of each page in the explorer, and a filter by it.

The explorer of every page type has both. A site that registers a ``PageViewSet`` of its own replaces that
one for its page types and adds the mixin::

    class NewsViewSet(AudiencesInListing, PageViewSet):
        model = NewsPage

A flat listing (``PageListingViewSet``) takes the same mixin.
"""

from collections.abc import Iterable
from typing import Any

from django.forms import Media, RadioSelect, TextInput
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.filters import CharFilter, ChoiceFilter
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.pages.listing import PageFilterSet

from wagtail_personalize.people.folding import fold
from wagtail_personalize.segments.models import Segment

from ..listed_audiences import listed_audiences, pages_naming, with_audience


class AudienceColumn(BaseColumn):
    """Who may open a page and to whom it is recommended; two queries for all pages of the listing."""

    cell_template_name = "wagtail_personalize/targeting/admin/audience_cell.html"

    def __init__(self, name: str = "audience", **kwargs: Any) -> None:
        super().__init__(name, **{"label": _("Audience"), "width": "16%", **kwargs})

    @property
    def media(self) -> Media:
        return Media(css={"all": [versioned_static("wagtail_personalize/targeting/explorer.css")]})

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"audience": self._of_all(instance, parent_context).get(instance.pk)}

    def _of_all(self, instance: Any, parent_context: Any) -> dict[int, Any]:
        """Asked for the whole table with its first row, and kept with that table."""
        table = parent_context["table"]
        known = table.__dict__.get("_personalize_audiences")
        if known is None or instance.pk not in known:
            known = table._personalize_audiences = listed_audiences([*table.data, instance])
        return known


class AudienceFilter(ChoiceFilter):
    """Pages that are restricted, recommended, or for everyone; what a page inherits counts."""

    def filter(self, qs: Any, value: str) -> Any:
        return with_audience(qs, value) if value else qs


class AudienceSegmentFilter(CharFilter):
    """Pages of whose audience a segment with such a name is part."""

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        rows = Segment.objects.values_list("uuid", "name")
        return pages_naming(qs, {str(uuid) for uuid, name in rows if fold(value) in fold(name)})


def audience_filterset(base: type[PageFilterSet]) -> type[PageFilterSet]:
    """``base`` with two more filters."""
    choices = [
        ("restricted", _("Restricted")),
        ("recommended", _("Recommended")),
        ("everyone", _("For everyone")),
    ]
    fields = {
        "audience": AudienceFilter(
            label=_("Audience"),
            empty_label=pgettext_lazy("audience of a page", "Any"),
            choices=choices,
            widget=RadioSelect,
        ),
        "audience_segment": AudienceSegmentFilter(
            label=_("Segment in the audience"), widget=TextInput(attrs={"placeholder": _("Name of a segment")})
        ),
    }
    return type(f"Audience{base.__name__}", (base,), {**fields, "Meta": base.Meta, "__module__": __name__})


def with_column(columns: Iterable[BaseColumn]) -> list[BaseColumn]:
    """``columns`` with the audience before the status, or at the end."""
    columns = list(columns)
    if any(isinstance(column, AudienceColumn) for column in columns):
        return columns
    place = next((place for place, column in enumerate(columns) if column.name == "status"), len(columns))
    return [*columns[:place], AudienceColumn(), *columns[place:]]


class AudiencesInListing:
    """For a ``PageViewSet`` or ``PageListingViewSet``: the column *Audience* and the filters."""

    #: The system check looks for it.
    shows_audiences = True

    @classproperty
    def columns(cls) -> Any:
        if cls.list_display is not cls.UNDEFINED:
            return cls.UNDEFINED
        return with_column(cls.index_view_class.base_columns)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_index_view_kwargs(**kwargs)
        if self.list_display is not self.UNDEFINED:
            found["list_display"] = [*self.list_display, AudienceColumn()]
        if self.filterset_class is not self.UNDEFINED:
            found["filterset_class"] = audience_filterset(self.filterset_class)
        return found
