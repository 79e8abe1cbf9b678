"""What this room adds to ``{% load personalize_tags %}``."""

from collections.abc import Iterable
from typing import Any

from django import template
from wagtail.models import Page

from wagtail_personalize.streams.here import here
from wagtail_personalize.targeting.rendering import viewer_in
from wagtail_personalize.targeting.templatetags.personalize_tags import register

from .bookmarks.views import button_context
from .comments import reading
from .comments.context import comments_context
from .reactions.context import reactions_context
from .sharing import share_context

_FOLDER = "wagtail_personalize/communities"


@register.inclusion_tag(f"{_FOLDER}/comments/comments.html", takes_context=True)
def comments(context: template.Context, page: Page) -> dict[str, Any]:
    """The comments of a page: ``{% comments page %}``; nothing for visitors."""
    request = context.get("request")
    query = request.GET if request is not None else {}
    return {**context.flatten(), **comments_context(page, viewer_in(context), query, here(context))}


@register.inclusion_tag(f"{_FOLDER}/reactions.html", takes_context=True)
def reactions(context: template.Context, page: Page) -> dict[str, Any]:
    """The reactions to a page, and buttons to react: ``{% reactions page %}``; nothing for visitors."""
    return {**context.flatten(), **reactions_context(page, viewer_in(context), here(context))}


@register.inclusion_tag(f"{_FOLDER}/save.html", takes_context=True)
def save_for_later(context: template.Context, page: Page) -> dict[str, Any]:
    """The button *Save for later*: ``{% save_for_later page %}``; nothing for visitors."""
    return {**context.flatten(), **button_context(page, viewer_in(context), here(context))}


@register.inclusion_tag(f"{_FOLDER}/share.html", takes_context=True)
def share(context: template.Context, page: Page) -> dict[str, Any]:
    """A link to copy and an e-mail to begin: ``{% share page %}``; nothing for visitors."""
    return {**context.flatten(), **share_context(page, viewer_in(context), context.get("request"))}


@register.simple_tag(takes_context=True)
def with_comment_counts(context: template.Context, pages: Iterable[Page]) -> list[Page]:
    """The same pages, each with its ``comment_count``: ``{% with_comment_counts pages as pages %}``."""
    return reading.with_comment_counts(pages, viewer_in(context))


@register.inclusion_tag(f"{_FOLDER}/head.html")
def communities_head() -> dict[str, Any]:
    """Styles and scripts of these tags, behind those of ``{% streams_head %}``: ``{% communities_head %}``."""
    return {}
