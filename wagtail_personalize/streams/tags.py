"""What this room adds to ``{% load personalize_tags %}``."""

from typing import Any

from django import template
from wagtail.models import Page

from wagtail_personalize.targeting.rendering import viewer_in
from wagtail_personalize.targeting.templatetags.personalize_tags import register

from . import related_pages, trending
from .models import Hashtag
from .page_hashtags import hashtags_on


@register.simple_tag(takes_context=True)
def page_hashtags(context: template.Context, page: Page) -> list[Hashtag]:
    """The hashtags of a page: ``{% page_hashtags page as hashtags %}``."""
    return hashtags_on(page, viewer_in(context))


@register.simple_tag(takes_context=True)
def related_by_hashtags(context: template.Context, page: Page, number: int = 5) -> list[Page]:
    """The pages that share most hashtags with a page: ``{% related_by_hashtags page 3 as pages %}``."""
    viewer = viewer_in(context)
    viewer.mark()
    return related_pages.related_pages(page, viewer, number)


@register.simple_tag(takes_context=True)
def trending_hashtags(context: template.Context, number: int = 5) -> list[Hashtag]:
    """The hashtags on the rise, each with its number of new ``pages``: ``{% trending_hashtags 5 as hashtags %}``."""
    viewer = viewer_in(context)
    viewer.mark()
    return trending.trending(viewer, number)


@register.inclusion_tag("wagtail_personalize/streams/trending.html", takes_context=True)
def trending_block(context: template.Context, number: int = 5) -> dict[str, Any]:
    """The same as a ready-made block: ``{% trending_block %}``; nothing when nothing is on the rise."""
    return {"hashtags": trending_hashtags(context, number)}
