"""Where the answer to a question goes that is asked while a template is rendered.

``{{ user.first_name }}`` prints it and ``{% if %}`` chooses by it: what comes later in the template does not know.
``{% with %}``, ``{% for %}`` and ``{% include %}`` pass it on to what is inside them. A view, a context processor or a
tag that sets a variable may pass it on to everything that follows. A fragment depends on what is asked inside it and on
what was passed on to it. The one way to find that out without changing Django's engine is to look who is calling.
"""

import sys
from collections.abc import Iterator

from django.template import defaulttags, loader_tags
from django.template.base import Node, VariableNode
from django.template.library import InclusionNode, SimpleNode
from django.templatetags import i18n, tz
from wagtail.templatetags.wagtailcore_tags import IncludeBlockNode

#: The answer goes to the page and nowhere else.
PRINTED = "printed"
#: The answer may be in any variable from now on.
EVERYWHERE = "everywhere"

_PRINTING = (VariableNode, defaulttags.IfNode)
_PASSING_INSIDE = (
    *(defaulttags.ForNode, defaulttags.WithNode, InclusionNode),
    *(loader_tags.IncludeNode, IncludeBlockNode),
)
_TRANSPARENT = (
    *(*_PRINTING, *_PASSING_INSIDE, loader_tags.ExtendsNode, loader_tags.BlockNode, defaulttags.SpacelessNode),
    *(defaulttags.AutoEscapeControlNode, i18n.LanguageNode, tz.LocalTimeNode, tz.TimezoneNode),
)
_ours: list[type[Node]] = []


def prints(node_class: type[Node]) -> type[Node]:
    """Decorator of a node that chooses what to render and sets no variable."""
    _ours.append(node_class)
    return node_class


def scope_of_question() -> str | int:
    """Where the answer goes: ``PRINTED``, ``EVERYWHERE``, or the id of the node that passes it on to what is inside."""
    nodes = _nodes()
    innermost = next(nodes, None)
    if innermost is None or not all(isinstance(node, (*_TRANSPARENT, *_ours)) for node in nodes):
        return EVERYWHERE
    if isinstance(innermost, (*_PRINTING, *_ours)):
        return PRINTED
    if isinstance(innermost, _PASSING_INSIDE):
        return id(innermost)
    if isinstance(innermost, SimpleNode) and innermost.target_var is None and not innermost.takes_context:
        return PRINTED
    return EVERYWHERE


def open_scopes() -> set[int]:
    """The ids of the nodes that are being rendered."""
    return {id(node) for node in _nodes()}


def _nodes() -> Iterator[Node]:
    """From the innermost."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "render" and isinstance(node := frame.f_locals.get("self"), Node):
            yield node
        frame = frame.f_back
