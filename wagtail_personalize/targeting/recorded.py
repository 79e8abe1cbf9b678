"""Which pages and collections a person was the last to direct to an audience."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.models import PageViewRestriction

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_day
from wagtail_personalize.segments.viewer import Viewer

from .models import CollectionAudience, PageAudience
from .page_tree import page_model
from .preview_rights import worked_on_by
from .visibility import visible


@register_recorded
class AudiencesSection(Section):
    """Names the pages that the person may still open or work on, and counts the others and the collections."""

    name = "audiences"
    title = _("Pages whose audience you were the last to choose")
    purpose = _("So that colleagues know whom to ask.")
    retention = _("Until somebody else chooses, or the page is deleted.")
    models = ("personalize_targeting.PageAudience", "personalize_targeting.CollectionAudience")
    order = 830

    def rows(self, person: Any) -> list[Row]:
        return [*self._pages(person), *_collections(CollectionAudience.objects.filter(changed_by=person).count())]

    def _pages(self, person: Any) -> list[Row]:
        chosen = dict(PageAudience.objects.filter(changed_by=person).values_list("translation_key", "changed_at"))
        if not chosen:
            return []
        pages = page_model().objects.filter(translation_key__in=chosen)
        known = pages.filter(pk__in=_opened_by(person, pages)) | pages.filter(pk__in=_worked_on(person))
        rows = [Row(page.title, said_day(chosen[page.translation_key])) for page in known.order_by("title", "pk")]
        return rows + _others(pages.count() - len(rows))


def _opened_by(person: Any, pages: QuerySet) -> QuerySet:
    """Published pages that the person may see; what is private to a group or behind a password counts as closed."""
    for restriction in PageViewRestriction.objects.exclude(restriction_type=PageViewRestriction.LOGIN).select_related(
        "page"
    ):
        pages = pages.not_descendant_of(restriction.page, inclusive=True)
    return visible(pages.live(), Viewer.for_person(person)).order_by().values("pk")


def _worked_on(person: Any) -> QuerySet:
    return worked_on_by(person).order_by().values("pk")


def _others(number: int) -> list[Row]:
    text = ngettext("%(number)d more page that you may not open", "%(number)d more pages that you may not open", number)
    return [Row(text % {"number": number})] if number else []


def _collections(number: int) -> list[Row]:
    text = ngettext(
        "%(number)d collection of documents and images", "%(number)d collections of documents and images", number
    )
    return [Row(text % {"number": number})] if number else []
