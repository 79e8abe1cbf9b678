"""``{% load personalize_tags %}``: what a template may ask about its viewer.

Without a request everything here answers as for an anonymous visitor.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Model, QuerySet
from django.template.base import FilterExpression, Parser, Token
from django.utils.html import format_html
from wagtail.blocks import StreamValue

from wagtail_personalize.segments.context import current_viewer
from wagtail_personalize.segments.index import SegmentIndex, segment_index
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.viewer import Viewer

from .. import languages
from ..caching.scopes import prints
from ..caching.tag import personalized_cache
from ..clauses import Clause, passes
from ..content import tags as content
from ..rendering import viewer_in
from ..stream_values import shown as shown_value
from ..visibility import visible as visible_to

register = template.Library()


@prints
class AudienceNode(template.Node):
    """What is inside ``{% audience %}``, and what is behind its ``{% else %}``."""

    child_nodelists = ("inside", "otherwise")

    def __init__(
        self,
        include: list[FilterExpression],
        exclude: FilterExpression | None,
        inside: template.NodeList,
        otherwise: template.NodeList,
    ) -> None:
        self.include, self.exclude = include, exclude
        self.inside, self.otherwise = inside, otherwise

    def render(self, context: template.Context) -> str:
        include = [segment for given in self.include for segment in _named(given.resolve(context))]
        exclude = _named(self.exclude.resolve(context)) if self.exclude else []
        names_nobody = bool(self.include) and not include
        meant = not names_nobody and _is_meant(viewer_in(context), include, exclude)
        return (self.inside if meant else self.otherwise).render(context)


@register.tag
def audience(parser: Parser, token: Token) -> AudienceNode:
    """Show something to the people of some segments, given by their short names.

    ``{% audience "new-joiners" "trainees" exclude="managers" %} … {% else %} … {% endaudience %}``. Several segments
    mean any of them, ``exclude`` beats them and may name several, separated by commas. A segment that does not exist
    or is broken leads to ``{% else %}``.
    """
    name, *arguments = token.split_contents()
    include, exclude = [], None
    for argument in arguments:
        if argument.startswith("exclude=") and exclude is None:
            exclude = parser.compile_filter(argument.removeprefix("exclude="))
        else:
            include.append(parser.compile_filter(argument))
    if not arguments:
        raise template.TemplateSyntaxError(f"{{% {name} %}} needs the short name of at least one segment.")
    inside = parser.parse(("else", f"end{name}"))
    otherwise = template.NodeList()
    if parser.next_token().contents == "else":
        otherwise = parser.parse((f"end{name}",))
        parser.delete_first_token()
    return AudienceNode(include, exclude, inside, otherwise)


register.tag("personalized_cache", personalized_cache)


@register.simple_tag(takes_context=True)
def visible_pages(context: template.Context, pages: QuerySet) -> QuerySet:
    """The pages of a queryset that the viewer may see: ``{% visible_pages page.get_children as children %}``."""
    return visible_to(pages, viewer_in(context))


@register.simple_tag(takes_context=True)
def other_language(context: template.Context, page: Model) -> str:
    """ "in English" for a page that is not in the reader's language: ``{% other_language page %}``; else nothing."""
    if not (words := languages.other_language(page, viewer_in(context))):
        return ""
    return format_html('<span class="wp-other-language">{}</span>', words)


@register.filter
def visible(pages: QuerySet) -> QuerySet:
    """``visible_pages`` as a filter: ``{% for child in page.get_children|visible %}``."""
    return visible_to(pages, current_viewer())


@register.filter
def shown(value: Any) -> Any:
    """What the viewer sees of a stream that Python code put into the context piece by piece."""
    if isinstance(value, list | tuple):
        return [child for child in value if not _is_hidden(child)]
    return shown_value(value)


@register.filter
def in_segment(viewer: Any, segment: Segment | str) -> bool:
    """Whether a viewer is in a segment: ``{% if request.viewer|in_segment:"managers" %}``."""
    if not isinstance(viewer, Viewer) or not segment:
        return False
    viewer.mark()
    return viewer.is_in(segment)


register.simple_tag(content.personalized_menu, takes_context=True)
register.simple_tag(content.announcements, takes_context=True)
register.filter(content.personalized)


def _is_hidden(child: StreamValue.StreamChild) -> bool:
    hides = getattr(getattr(child, "block", None), "hides", None)
    return hides is not None and hides(child.value, current_viewer())


def _is_meant(viewer: Viewer, include: list[Segment | str], exclude: list[Segment | str]) -> bool:
    viewer.mark()
    if include and viewer.listener is None and not viewer.unheard_segment_ids:
        return False
    index = segment_index(viewer)
    found = [[_uuid(index, segment) for segment in segments] for segments in (include, exclude)]
    if None in found[0] or None in found[1]:
        return False
    return passes([Clause(*map(frozenset, found))], viewer)


def _uuid(index: SegmentIndex, segment: Segment | str) -> str | None:
    if isinstance(segment, Segment):
        return str(segment.uuid)
    entry = index.by_slug.get(segment)
    return entry and entry.uuid


def _named(given: Any) -> list[Segment | str]:
    """Segments from a text with commas, one segment, or several; something empty is a segment that does not exist."""
    if isinstance(given, str):
        return [name.strip() for name in given.split(",")]
    return list(given) if isinstance(given, Iterable) else [given]
