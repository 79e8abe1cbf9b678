"""For Jinja2 templates: add ``wagtail_personalize.targeting.jinja2tags.targeting`` to the environment's extensions.

Jinja2 gives no value a say in how it is read, so streams that a template goes through by itself need the filter:
``{% for block in page.body|shown %}``. ``{% include_block page.body %}`` does without it.
"""

from typing import Any

from django.db.models import QuerySet
from jinja2 import Environment, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, Macro

from .caching.fragments import fragment
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
    """The filters ``shown`` and ``visible``, and the tag ``personalized_cache``, with commas between its arguments."""

    tags = {"personalized_cache"}

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(shown=shown, visible=visible)

    def parse(self, parser: Parser) -> nodes.Node:
        """A call block: what is inside becomes a macro that is called only when it has to be rendered."""
        line = next(parser.stream).lineno
        arguments = [nodes.ContextReference(), parser.parse_expression()]
        while parser.stream.skip_if("comma"):
            arguments.append(parser.parse_expression())
        inside = parser.parse_statements(("name:endpersonalized_cache",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_cached", arguments), [], [], inside).set_lineno(line)

    def _cached(self, context: Context, seconds: float, name: str, *vary: Any, caller: Macro) -> str:
        return fragment(context.get("request"), seconds, name, vary, caller)


targeting = TargetingExtension
