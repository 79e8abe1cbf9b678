"""For Jinja2 templates: add ``wagtail_personalize.targeting.jinja2tags.targeting`` to the environment's extensions.

Jinja2 gives no value a say in how it is read, so streams that a template goes through by itself need the filter:
``{% for block in page.body|shown %}``. ``{% include_block page.body %}`` does without it.
"""

from typing import Any

from django.db.models import QuerySet
from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

from .rendering import viewer_in
from .stream_values import shown as shown_value
from .visibility import visible as visible_to


@pass_context
def shown(context: Context, value: Any) -> Any:
    """What the viewer sees of a stream, a list or a block value."""
    return shown_value(value, viewer_in(context))


@pass_context
def visible(context: Context, pages: QuerySet) -> QuerySet:
    """The pages of a queryset that the viewer may see."""
    return visible_to(pages, viewer_in(context))


class TargetingExtension(Extension):
    """The filters ``shown`` and ``visible``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(shown=shown, visible=visible)


targeting = TargetingExtension
