"""The value of a ``VariantsBlock``: kept as stored until somebody needs more than the chosen variant."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from wagtail.blocks import StructValue

from wagtail_personalize.segments.viewer import Viewer

from ..stream_values import shown
from ..template_calls import TemplateCall


class VariantsValue(TemplateCall, StructValue):
    """To Python a struct of ``variants`` and ``default``, converted at the first touch; to a template what is shown."""

    def __init__(self, block: Any, *args: Any, raw: Mapping[str, Any] | None = None) -> None:
        #: The stored data as long as nothing but the chosen content was converted, else ``None``.
        self.raw = None
        super().__init__(block, *args)
        self.raw = raw
        self.siblings: Iterable[VariantsValue] = (self,)
        self._contents: dict[int, Any] = {}

    def shown_to(self, viewer: Viewer) -> Any:
        return shown(self.content(viewer), viewer)

    def content(self, viewer: Viewer) -> Any:
        """The content chosen for ``viewer``; of all values that came together, in one conversion."""
        if self.raw is None:
            return self.block.chosen(self, viewer)
        chosen = self.block.chosen(self.raw, viewer)
        if id(chosen) not in self._contents:
            self._convert(viewer)
        return self._contents[id(chosen)]

    def _convert(self, viewer: Viewer) -> None:
        values = [value for value in self.siblings if value.raw is not None]
        chosen = [self.block.chosen(value.raw, viewer) for value in values]
        for value, raw, content in zip(values, chosen, self.block.convert(chosen), strict=True):
            value._contents.setdefault(id(raw), content)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, VariantsValue) and self.raw is not None and other.raw is not None:
            return self.raw == other.raw
        return dict(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def complete(self) -> None:
        """Convert everything, for those who edit, copy or look for references."""
        if self.raw is not None:
            raw, self.raw = self.raw, None
            self.update(self.block.convert_all(raw))


def _completed(method: Callable) -> Callable:
    @wraps(method)
    def complete_first(self: VariantsValue, *args: Any, **kwargs: Any) -> Any:
        for value in (self, *args):
            if isinstance(value, VariantsValue):
                value.complete()
        return method(self, *args, **kwargs)

    return complete_first


for _name in (
    *("__contains__", "__delitem__", "__getitem__", "__ior__", "__iter__", "__len__", "__or__", "__reduce__"),
    *("__repr__", "__reversed__", "__ror__", "__setitem__", "clear", "copy", "get", "items", "keys", "move_to_end"),
    *("pop", "popitem", "setdefault", "update", "values"),
):
    setattr(VariantsValue, _name, _completed(getattr(StructValue, _name)))
