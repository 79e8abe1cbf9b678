"""The column that holds the entries of a menu."""

from typing import Any

from django.db.models import Field
from django.utils.functional import cached_property
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField


class MenuEntriesField(StreamField):
    """A stream of menu entries; a plain JSON column in migrations, which so are the same in all versions of Wagtail."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([], **{**kwargs, "default": list})

    @cached_property
    def stream_block(self) -> StreamBlock:
        """Made when it is first needed: blocks need segments, and models load before them."""
        from .menu_entries import MenuEntriesBlock

        block = MenuEntriesBlock(required=not self.blank)
        block.set_meta_options({"required": not self.blank})
        return block

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, _path, args, kwargs = Field.deconstruct(self)
        return name, "django.db.models.JSONField", args, kwargs
