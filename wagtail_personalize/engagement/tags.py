"""What this room adds to ``{% load personalize_tags %}``."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.targeting.page_tree import page_model
from wagtail_personalize.targeting.rendering import viewer_in
from wagtail_personalize.targeting.templatetags.personalize_tags import register

from .beacon.emitting import measuring, teaser_token
from .unseen.pages import not_seen

_NOT_GIVEN = object()


@register.inclusion_tag("wagtail_personalize/engagement/measure.html", takes_context=True)
def measure(context: template.Context, page: Any = _NOT_GIVEN) -> dict[str, Any]:
    """The script that measures this page: ``{% measure %}``; nothing for visitors, previews and who objected."""
    page = context.get("page") if page is _NOT_GIVEN else page
    return {"measuring": measuring(context.get("request"), page)}


@register.simple_tag
def teaser(page: Any) -> SafeString:
    """Marks an element as what shows a page to its readers: ``<article {% teaser page %}>``."""
    token = teaser_token(page)
    return format_html('data-measure-teaser="{}"', token) if token else SafeString()


@register.simple_tag(takes_context=True, name="not_seen")
def pages_not_seen(context: template.Context, pages: Iterable[Any]) -> list[Any]:
    """Recent pages that are meant for the reader and did not meet their eyes: ``{% not_seen news as missed %}``."""
    return not_seen(viewer_in(context), pages) if rules().is_measured else []


@register.inclusion_tag("wagtail_personalize/engagement/helpful.html", takes_context=True)
def was_this_helpful(context: template.Context, page: Any = _NOT_GIVEN) -> dict[str, Any]:
    """Asks whether the page was helpful: ``{% was_this_helpful %}``; nothing for visitors and in previews."""
    page = context.get("page") if page is _NOT_GIVEN else page
    viewer = viewer_in(context)
    viewer.mark()
    is_asked = isinstance(page, page_model()) and page.pk and not viewer.is_anonymous and not viewer.is_preview
    is_asked = is_asked and rules().is_measured
    return {**context.flatten(), "asked_page": page if is_asked else None}
