"""Blocks that lead to a page or document: Wagtail shows its title and address to everybody.

To whoever may not see what was chosen, there is nothing, as in a site's own template that asks ``can_see``. Images are
in ``images.py``; a block with a template of its own shows what that template shows.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from wagtail.blocks import PageChooserBlock

from ..rendering import viewer_in
from ..wrapping import wrap
from .known import may_be_named


def attach() -> None:
    wrap(PageChooserBlock, "render_basic", _shown)
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents.views.chooser import BaseDocumentChooserBlock

        wrap(BaseDocumentChooserBlock, "render_basic", _shown)


def _shown(original: Callable[..., str], block: Any, value: Any, context: Any = None) -> str:
    return original(block, value, context) if may_be_named(value, viewer_in(context)) else ""
