"""What a template finds in the place of one hidden block that it reaches without a stream or list in between."""

import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from wagtail.blocks import StructValue

from wagtail_personalize.segments.viewer import Viewer

from ..template_calls import TemplateCall, answer_to


class Nothing:
    """A hidden block: false, empty, without attributes."""

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator:
        return iter(())

    def __str__(self) -> str:
        return ""

    def __html__(self) -> str:
        return ""

    def render_as_block(self, context: Any = None) -> str:
        return ""


NOTHING = Nothing()


class _Question:
    """``TemplateCall``'s question, for every variable that a template takes from a block."""

    def __get__(self, value: Any, owner: type) -> Any:
        if value is None:
            return self
        return value.get(value.block.audience_field) is None or answer_to(sys._getframe(1), value)


class AudienceValue(TemplateCall):
    """Mixed into a block's own value class."""

    do_not_call_in_templates = _Question()

    def shown_to(self, viewer: Viewer) -> Any:
        return NOTHING if self.block.hides(self, viewer) else self


@cache
def guarded(value_class: type[StructValue]) -> type[StructValue]:
    """The value class of a site, so that its instances are nothing to templates that must not see them.

    ``unguarded`` in it is the class itself, for the time in which the block's own template is rendered.
    """
    if issubclass(value_class, AudienceValue):
        return value_class
    names = {"__module__": value_class.__module__, "__doc__": value_class.__doc__, "unguarded": value_class}
    return type(value_class.__name__, (AudienceValue, value_class), names)
