"""The widgets as blocks of a page. What they show depends on the reader and the day, so no program gets it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, IntegerBlock, StructBlock

from wagtail_personalize.targeting.rendering import is_editing, viewer_in

from ..here import here
from ..segment_choice import SegmentChoiceBlock
from .acquaintances import KNOWN
from .kinds import DAYS_NEW, MOST, WIDGETS
from .lists import ANNIVERSARIES, BIRTHDAYS, NEW
from .who import segment_choices


class PeopleWidgetBlock(StructBlock):
    """What the widgets have in common; a subclass names its ``widget``."""

    widget = ""

    heading = CharBlock(label=_("Heading"), required=False, max_length=100)
    segment = SegmentChoiceBlock(
        label=_("Only colleagues in this segment"),
        choices=segment_choices,
        required=False,
        help_text=_(
            "Only segments that are made of what colleagues may see anyway, such as departments and locations. "
            "People who stand on its list by name are not shown."
        ),
    )
    number = IntegerBlock(label=_("How many"), default=5, min_value=1, max_value=MOST, required=False)

    def clean(self, value: Any) -> Any:
        if not WIDGETS[self.widget].is_possible():
            raise ValidationError(WIDGETS[self.widget].sentence)
        return super().clean(value)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return context | widget_context(context, self.widget, value.get("heading") or "", **self.options(value))

    def options(self, value: Any) -> dict[str, Any]:
        """What the editor set."""
        return {"number": min(value.get("number") or 5, MOST), "segment": value.get("segment") or ""}

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        return super().get_api_representation(value, context=context) if is_editing(context) else None

    class Meta:
        icon = "group"
        template = "wagtail_personalize/streams/people_widget.html"


class NewColleaguesBlock(PeopleWidgetBlock):
    """Who began lately."""

    widget = NEW
    days = IntegerBlock(label=_("Who began in the last days"), default=DAYS_NEW, min_value=1, max_value=366)

    def options(self, value: Any) -> dict[str, Any]:
        return super().options(value) | {"days": value.get("days") or DAYS_NEW}

    class Meta:
        icon = "user"
        label = WIDGETS[NEW].label


class DoYouKnowBlock(PeopleWidgetBlock):
    """Colleagues whom the reader does not follow, and what they have in common."""

    widget = KNOWN

    class Meta:
        label = WIDGETS[KNOWN].label


class BirthdaysBlock(PeopleWidgetBlock):
    """The birthdays of those who want to be told of, in the week around today."""

    widget = BIRTHDAYS

    class Meta:
        icon = "calendar"
        label = WIDGETS[BIRTHDAYS].label


class AnniversariesBlock(PeopleWidgetBlock):
    """The same for how long people have been here."""

    widget = ANNIVERSARIES

    class Meta:
        icon = "calendar-check"
        label = WIDGETS[ANNIVERSARIES].label


def widget_context(context: Any, name: str, heading: str = "", **options: Any) -> dict[str, Any]:
    """What the template of a widget needs, in a block or for a tag."""
    return WIDGETS[name].shown(viewer_in(context), heading, here(context), **options)
