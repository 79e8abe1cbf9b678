"""How a template, and nothing but a template, gets the viewer's share of a stream.

When a Django template resolves ``page.body`` and the value is callable, the engine first reads its attribute
``do_not_call_in_templates`` and, unless that is true, calls it; both from the same run of the same function. The mixin
below takes the question as the moment to look at the viewer, and answers the call only to the one who asked. Everything
else that calls what is callable (a form reading its initial data, ``get_or_create`` reading defaults) gets the value
itself, complete. When nothing is hidden, the answer is "do not call" and the value is used as it is.
"""

import sys
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any

from wagtail.blocks import BaseStreamBlock, ListBlock, StreamValue
from wagtail.blocks.list_block import ListValue

from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.viewer import Viewer

from .rendering import is_editing, viewer_in
from .stream_values import hiding_children, shown


class TemplateCall:
    """Mixed into a block value: a template sees ``shown(value)`` in its place."""

    @property
    def do_not_call_in_templates(self) -> bool:
        return answer_to(sys._getframe(1), self)

    def __call__(self) -> Any:
        return self.__dict__.get("_answers", {}).pop(id(sys._getframe(1)), self)


def answer_to(asking: FrameType, value: Any, viewer: Viewer | None = None) -> bool:
    """Keep what ``asking`` gets when it calls ``value``, or return ``True``: it may use the value as it is."""
    try:
        seen = shown(value, viewer)
    except AttributeError as error:  # the engine would take it for "no such attribute" and show everything
        raise RuntimeError(f"What a template may see of {type(value).__name__} cannot be told.") from error
    if seen is value:
        return True
    value.__dict__.setdefault("_answers", {})[id(asking)] = seen
    return False


def attach() -> None:
    """Let Wagtail's streams and lists leave out what is hidden: in templates, when rendered and in the API.

    Called once from ``TargetingConfig.ready()``; what it changes is listed here and nowhere else.
    """
    if getattr(StreamValue, "do_not_call_in_templates", None) is not None:
        return
    for value_class in (StreamValue, ListValue):
        value_class.do_not_call_in_templates = TemplateCall.do_not_call_in_templates
        value_class.__call__ = TemplateCall.__call__
    for block_class in (BaseStreamBlock, ListBlock):
        for name in ("render", "render_basic"):
            setattr(block_class, name, _rendering_shown(getattr(block_class, name)))
        block_class.get_api_representation = _representing_shown(block_class.get_api_representation)


def _rendering_shown(method: Callable[..., str]) -> Callable[..., str]:
    @wraps(method)
    def render(self: Any, value: Any, context: Any = None) -> str:
        if not hiding_children(self):
            return method(self, value, context=context)
        with viewing_as(viewer_in(context)) as viewer:
            return method(self, shown(value, viewer), context=context)

    return render


def _representing_shown(method: Callable[..., list]) -> Callable[..., list]:
    @wraps(method)
    def get_api_representation(self: Any, value: Any, context: Any = None) -> list:
        if hiding_children(self) and not is_editing(context):
            value = shown(value, viewer_in(context))
        return method(self, value, context=context)

    return get_api_representation
