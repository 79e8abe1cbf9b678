"""The people directory: search, facets, pages of cards."""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ..declaration import get_declaration
from ..facets import Facet, Option, facets
from ..loading import by_name, with_attributes
from ..search import find_people
from .cards import card

PER_PAGE = 24


class FacetFilter(django_filters.ChoiceFilter):
    """A facet as a list to choose from."""

    def __init__(self, facet: Facet, options: list[Option]) -> None:
        super().__init__(choices=options, label=facet.attribute.label, empty_label=_("All"))
        self.facet = facet

    def filter(self, profiles: QuerySet, value: str) -> QuerySet:
        return self.facet.narrow(profiles, value) if value else profiles


class SearchFilter(django_filters.CharFilter):
    """Words to look for in names and visible texts."""

    def __init__(self) -> None:
        super().__init__(label=_("Search"), widget=forms.TextInput({"type": "search", "autocomplete": "off"}))

    def filter(self, profiles: QuerySet, value: str) -> QuerySet:
        return find_people(profiles, value) if value else profiles


def filterset_class() -> type[django_filters.FilterSet]:
    """The search field and the declared facets, as far as they have something to choose, over the profile model."""
    filters: dict[str, django_filters.Filter] = {"q": SearchFilter()}
    for facet in facets():
        if options := facet.options():
            filters[facet.attribute.name] = FacetFilter(facet, options)
    meta = type("Meta", (), {"model": get_declaration().profile_model, "fields": []})
    return type("PeopleFilterSet", (django_filters.FilterSet,), {**filters, "Meta": meta})


class DirectoryView(LoginRequiredMixin, TemplateView):
    """Everybody who works here, found by name or filtered."""

    template_name = "wagtail_personalize/people/directory.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if get_declaration() is None:
            raise Http404
        filterset = filterset_class()(self.request.GET, queryset=self._people())
        filterset.form.label_suffix = ""
        found = filterset.qs if filterset.form.is_valid() else self._people().none()
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=filterset.form, page=page, cards=_cards(page), query=self._query(), **kwargs
        )

    def _people(self) -> QuerySet:
        declaration = get_declaration()
        return by_name(with_attributes(declaration.people(), declaration.summary_attributes))

    def _query(self) -> str:
        """The search and the facets, for links to other pages of the result."""
        parameters = self.request.GET.copy()
        parameters.pop("page", None)
        return parameters.urlencode()


def _cards(page: Page) -> list:
    return [card(profile, get_declaration().summary_attributes) for profile in page]
