"""The widgets: what each is called, what it needs of the declaration, and how it finds whom it shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.viewer import Viewer

from .acquaintances import KNOWN, acquaintances
from .lists import ANNIVERSARIES, BIRTHDAYS, NEW, Told, anniversaries, birthdays, new_colleagues
from .remembering import said

DAYS_NEW = 30
MOST = 20


@dataclass(frozen=True)
class Widget:
    """One kind of widget. ``needs`` is the part of the declaration without which it stays empty."""

    name: str
    label: Any
    icon: str
    needs: str
    #: What an editor reads who uses it while that part is missing.
    sentence: Any
    people: Callable[..., list[Told]]

    def is_possible(self) -> bool:
        declaration = get_declaration()
        return declaration is not None and bool(getattr(declaration, self.needs))

    def shown(self, viewer: Viewer, heading: str = "", next_url: str = "", **options: Any) -> dict[str, Any]:
        """What the template needs. Nothing for visitors: like the directory, it is for people who are signed in."""
        viewer.mark()
        is_person = viewer.person_id is not None
        if viewer.is_anonymous or not self.is_possible():
            return {"widget": None}
        filters = said(viewer, self.name)
        return {
            "widget": self,
            "heading": heading or self.label,
            "told": self.people(viewer, **options),
            "filters": filters,
            "filter_url": reverse("wagtail_personalize:widget_filter", args=[self.name]) if is_person else "",
            "next_url": next_url,
            "is_optional": self.name in (BIRTHDAYS, ANNIVERSARIES),
        }


WIDGETS = {
    widget.name: widget
    for widget in (
        Widget(
            NEW,
            _("New colleagues"),
            "user",
            "hired",
            _("The declaration of the profiles does not say which attribute is the hire date, so nobody would appear."),
            new_colleagues,
        ),
        Widget(
            KNOWN,
            _("Do you know?"),
            "group",
            "in_common",
            _("The declaration of the profiles does not say what colleagues have in common, so nobody would appear."),
            acquaintances,
        ),
        Widget(
            BIRTHDAYS,
            _("Birthdays"),
            "calendar",
            "birthday",
            _("The declaration of the profiles does not say which attribute is the birthday, so nobody would appear."),
            birthdays,
        ),
        Widget(
            ANNIVERSARIES,
            _("Anniversaries"),
            "calendar-check",
            "hired",
            _("The declaration of the profiles does not say which attribute is the hire date, so nobody would appear."),
            anniversaries,
        ),
    )
}
