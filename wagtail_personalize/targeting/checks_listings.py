"""System checks: does a view or a template of the site list pages without asking who may see them?

Told by reading the site's own sources, without running them. In Python, a function is told that takes pages by
``.live()`` and never asks a door; in templates, a tag that goes through the children of a page. What is meant for
everybody carries the remark ``personalize: everybody``.
"""

import ast
import re
from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from .marked import is_for_everybody
from .site_modules import SiteModule, site_modules
from .template_sources import template_sources

#: Whoever calls one of these asks.
_DOORS = frozenset(["visible", "can_see", "recommended_first", "hidden_among"])
_VIEWERS = frozenset(["viewer", "request.viewer", "self.viewer", "viewer_for(request)", "viewer_for(self.request)"])
_NO_PAGES = frozenset(["values", "values_list", "update", "delete", "exists"])
_TELLING = frozenset(["title", "draft_title", "seo_title", "search_description", "slug", "url_path"])
_LISTING = re.compile(
    r"{[%{](?P<tag>-?\s*\w+)[^%}]*?\.(?P<what>get_children|get_descendants|get_siblings|get_next_siblings"
    r"|get_prev_siblings|get_next_sibling|get_prev_sibling)\b[^%}]*?[%}]}"
)
_ASKED = re.compile(r"\|\s*visible\b")
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def check_modules() -> Iterator[CheckMessage]:
    """Bare ``.live()`` in the site's own Python."""
    for module in site_modules():
        for line in sorted(_bare(module)):
            yield Warning(
                f"{module.path}, line {line}: pages are taken by .live(), and nothing asks who may see them.",
                hint="Put visible(…, viewer_for(request)) around it, or write “# personalize: everybody” beside it.",
                id="personalize_targeting.W016",
            )


def check_templates() -> Iterator[CheckMessage]:
    """Children of a page, gone through in the site's own templates."""
    for source in template_sources():
        for found in _LISTING.finditer(source.text):
            asks = found["tag"].strip("- ") == "visible_pages" or _ASKED.search(found[0])
            if not asks and not is_for_everybody(source.text, found.start()):
                yield Warning(
                    f"{source.path}, line {source.line_of(found.start())}: {found[0]} lists pages, and nothing asks who"
                    " may see them.",
                    hint=f"{{% visible_pages ….{found['what']} as pages %}}, or the filter |visible.",
                    id="personalize_targeting.W017",
                )


def _bare(module: SiteModule) -> set[int]:
    if ".live(" not in module.text:
        return set()
    return {
        call.end_lineno
        for scope in _scopes(module.tree())
        if not any(_asks(node) for node in _within(scope))
        for call in set(_within(scope)) - _taking_no_titles(scope)
        if _is_live(call) and not is_for_everybody(module.text, module.place_of(call.end_lineno))
    }


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """The module itself, and every function of it with all that it contains."""
    yield tree
    yield from _outermost(tree)


def _outermost(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function):
            yield child
        else:
            yield from _outermost(child)


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a scope; those of a module without its functions."""
    if not isinstance(scope, ast.Module):
        yield from ast.walk(scope)
        return
    left: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while left:
        node = left.pop()
        yield node
        left += [child for child in ast.iter_child_nodes(node) if not isinstance(child, _Function)]


def _taking_no_titles(scope: ast.AST) -> set[ast.AST]:
    """What stands before ``.values_list("pk")``, ``.update(…)`` and the like: no page comes out of that."""
    found: set[ast.AST] = set()
    for call in _within(scope):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in _NO_PAGES:
            named = {argument.value for argument in call.args if isinstance(argument, ast.Constant)}
            takes_all = call.func.attr.startswith("values") and not call.args
            if not takes_all and not named & _TELLING:
                found |= set(ast.walk(call.func.value))
    return found


def _is_live(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "live"


def _asks(node: ast.AST) -> bool:
    """A call of a door, or of something that is told for whom: ``news(pages.live(), viewer)``."""
    if not isinstance(node, ast.Call):
        return False
    given = {ast.unparse(argument) for argument in (*node.args, *(keyword.value for keyword in node.keywords))}
    if given & _VIEWERS and any(_is_live(inner) for argument in node.args for inner in ast.walk(argument)):
        return True
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name in _DOORS
