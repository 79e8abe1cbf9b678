"""Who wrote it: which tag of which template first put a fingerprint into what it rendered.

While traced, every node of Django's templates is listened to. The innermost node that renders the fingerprint finishes
first; a block, a tag or a cached fragment that brings it in as a whole is that node itself. Jinja templates are known
by their name only.
"""

import html
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.template.base import Node

from .fingerprints import Fingerprint

#: What may stand between two words; a hyphen only if nothing better is found, for it may be an address.
_BETWEEN = r"(?:<[^>]*>|\\[nrt\"]|[^\w<-])+", r"(?:<[^>]*>|\\[nrt\"]|[\W_])+"
_LONGEST_TAG = 80


class Trace:
    """Where each of some fingerprints was first written; ``source_of`` gives ``file, line N: {{ tag }}``."""

    def __init__(self, fingerprints: Iterable[Fingerprint]) -> None:
        self._patterns = {
            (id(found), rank): pattern for found in fingerprints for rank, pattern in enumerate(_patterns(found))
        }
        self._sources: dict[tuple[int, int], str] = {}

    def source_of(self, found: Fingerprint) -> str:
        return self._sources.get((id(found), 0)) or self._sources.get((id(found), 1), "")

    def hear(self, output: Any, source: Callable[[], str]) -> None:
        missing = self._patterns.keys() - self._sources.keys()
        if missing and output:
            text = html.unescape(str(output))
            self._sources |= {key: source() for key in missing if self._patterns[key].search(text)}


@contextmanager
def tracing(trace: Trace) -> Iterator[Trace]:
    """Listen to all templates that are rendered inside."""
    render = Node.render_annotated

    def traced(node: Node, context: Any) -> Any:
        output = render(node, context)
        trace.hear(output, lambda: _place(node))
        return output

    with ExitStack() as stack:
        stack.enter_context(patch.object(Node, "render_annotated", traced))
        if "jinja2" in sys.modules:
            stack.enter_context(_tracing_jinja(trace))
        yield trace


@contextmanager
def _tracing_jinja(trace: Trace) -> Iterator[None]:
    from jinja2 import Template

    render = Template.render

    def traced(template: Template, *args: Any, **kwargs: Any) -> str:
        output = render(template, *args, **kwargs)
        trace.hear(output, lambda: template.filename or template.name or "Jinja")
        return output

    with patch.object(Template, "render", traced):
        yield


def _place(node: Node) -> str:
    origin, token = getattr(node, "origin", None), getattr(node, "token", None)
    name = getattr(origin, "name", None) or "?"
    if token is None:
        return name
    tag = " ".join(token.contents.split())[:_LONGEST_TAG]
    written = f"{{{{ {tag} }}}}" if token.token_type.name == "VAR" else f"{{% {tag} %}}"
    return f"{name}:{token.lineno} {written}"


def _patterns(found: Fingerprint) -> list[re.Pattern[str]]:
    """The best one first."""
    if found.words:
        return [re.compile(between.join(map(re.escape, found.words)), re.IGNORECASE) for between in _BETWEEN]
    return [re.compile(r"\s+".join(map(re.escape, found.text.split())), re.IGNORECASE)]
