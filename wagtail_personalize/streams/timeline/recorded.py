"""What the timeline remembers of a person, on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_day
from wagtail_personalize.segments.viewer import Viewer

from ..open_pages import open_pages
from .keys import moment_at
from .looks import NEWS, RECOMMENDED, TIMELINE
from .models import LastLook, MustKnow, MustKnowRead

_LISTS = {
    TIMELINE: gettext_lazy("My news"),
    NEWS: gettext_lazy("All news"),
    RECOMMENDED: gettext_lazy("Recommended to you"),
}


@register_recorded
class LastLookSection(Section):
    name = "last_look"
    title = gettext_lazy("Up to where you have looked at the news")
    purpose = gettext_lazy("So that what is new is marked for you. Nobody else can see it.")
    retention = gettext_lazy("As long as your account exists; each look replaces the one before.")
    models = ("personalize_streams.LastLook",)
    order = 420

    def rows(self, person: Any) -> list[Row]:
        return [
            Row(str(_LISTS.get(look.name, look.name)), said_day(moment_at(look.key)))
            for look in LastLook.objects.filter(person=person).order_by("name")
        ]


@register_recorded
class MustKnowSection(Section):
    name = "must_know_read"
    title = gettext_lazy("Must-know pages that you have read")
    purpose = gettext_lazy("So that they do not stand on top of your news any more. Nobody else can see it.")
    retention = gettext_lazy("30 days after the page is no longer must-know.")
    models = ("personalize_streams.MustKnowRead", "personalize_streams.MustKnow")
    order = 421

    def rows(self, person: Any) -> list[Row]:
        read = list(MustKnowRead.objects.filter(person=person).select_related("must_know").order_by("pk"))
        marked = list(MustKnow.objects.filter(marked_by=person).order_by("pk"))
        titles = _titles([row.must_know for row in read] + marked, person)
        return [Row(titles(row.must_know), said_day(row.at)) for row in read] + [
            Row(titles(row), _("You marked it as must-know"), [(_("When"), said_day(row.marked_at))]) for row in marked
        ]


def _titles(marks: list[MustKnow], person: Any) -> Any:
    known: dict[Any, str] = {}
    if marks:
        pages = open_pages(Viewer.for_person(person)).filter(translation_key__in=[one.translation_key for one in marks])
        known = dict(pages.order_by("-pk").values_list("translation_key", "title"))
    return lambda mark: known.get(mark.translation_key) or _("A page that you cannot see at present")
