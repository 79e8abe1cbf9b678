"""What this room adds to ``{% load personalize_tags %}``."""

from typing import Any

from django import template
from wagtail.models import Page

from wagtail_personalize.targeting.rendering import viewer_in
from wagtail_personalize.targeting.templatetags.personalize_tags import register

from . import blocks, related_pages, trending
from .models import Hashtag
from .notifications import bell
from .page_hashtags import hashtags_on
from .people_widgets.blocks import widget_context
from .people_widgets.kinds import DAYS_NEW
from .subscribing.interests import is_to_be_asked
from .timeline import blocks as timeline_blocks
from .timeline.recommended_pages import recommended_context


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


@register.inclusion_tag("wagtail_personalize/streams/includes/follow_or_nothing.html", takes_context=True)
def follow_button(context: template.Context, obj: Any) -> dict[str, Any]:
    """The button *Follow* for a page, a hashtag or a colleague: ``{% follow_button page %}``."""
    return {**context.flatten(), **blocks.button(context, obj)}


@register.inclusion_tag("wagtail_personalize/streams/shortcuts.html", takes_context=True)
def my_shortcuts(context: template.Context) -> dict[str, Any]:
    """The reader's own shortcuts: ``{% my_shortcuts %}``; nothing for visitors."""
    return {**context.flatten(), **blocks.shortcuts_context(context)}


@register.inclusion_tag("wagtail_personalize/streams/interests_prompt.html", takes_context=True)
def interests_prompt(context: template.Context) -> dict[str, Any]:
    """Asks once what interests the reader: ``{% interests_prompt %}``; nothing for who answered or put it away."""
    viewer = viewer_in(context)
    viewer.mark()
    return {**context.flatten(), "is_to_be_asked": is_to_be_asked(viewer)}


@register.inclusion_tag("wagtail_personalize/streams/timeline_block.html", takes_context=True)
def my_news(context: template.Context, number: int = 5, heading: str = "") -> dict[str, Any]:
    """The reader's own timeline: ``{% my_news 5 %}``; nothing for visitors."""
    return {**context.flatten(), **timeline_blocks.timeline_context(context, number, heading)}


@register.inclusion_tag("wagtail_personalize/streams/favourites.html", takes_context=True)
def my_favourites(context: template.Context, number: int = 3, heading: str = "") -> dict[str, Any]:
    """What is new in the reader's favourites: ``{% my_favourites 3 %}``; nothing for visitors and without any."""
    return {**context.flatten(), **timeline_blocks.favourites_context(context, number, heading)}


@register.inclusion_tag("wagtail_personalize/streams/latest.html", takes_context=True)
def latest_articles(
    context: template.Context, number: int = 5, heading: str = "", hashtag: str = "", section: Page | None = None
) -> dict[str, Any]:
    """The newest pages with a hashtag or below a page: ``{% latest_articles 3 hashtag="safety" section=page %}``."""
    shown = timeline_blocks.articles_context(viewer_in(context), number, hashtag=hashtag, section=section)
    return {**context.flatten(), **shown, "heading": heading}


@register.inclusion_tag("wagtail_personalize/streams/recommended.html", takes_context=True)
def recommended_pages(context: template.Context, number: int = 5, heading: str = "") -> dict[str, Any]:
    """What is recommended to the reader and unseen: ``{% recommended_pages 5 %}``; nothing for visitors."""
    return {**context.flatten(), **recommended_context(context, number, heading)}


_PEOPLE = "wagtail_personalize/streams/people_widget.html"


@register.inclusion_tag(_PEOPLE, takes_context=True)
def new_colleagues(context: template.Context, number: int = 5, days: int = DAYS_NEW) -> dict[str, Any]:
    """Who began in the last days: ``{% new_colleagues 5 days=30 %}``; nothing for visitors."""
    return {**context.flatten(), **widget_context(context, "new", number=number, days=days)}


@register.inclusion_tag(_PEOPLE, takes_context=True)
def do_you_know(context: template.Context, number: int = 5) -> dict[str, Any]:
    """Colleagues who have something in common with the reader: ``{% do_you_know 5 %}``; nothing for visitors."""
    return {**context.flatten(), **widget_context(context, "known", number=number)}


@register.inclusion_tag(_PEOPLE, takes_context=True)
def birthdays(context: template.Context, number: int = 5) -> dict[str, Any]:
    """The birthdays of who wants to be told of, this week: ``{% birthdays 5 %}``; nothing for visitors."""
    return {**context.flatten(), **widget_context(context, "birthdays", number=number)}


@register.inclusion_tag(_PEOPLE, takes_context=True)
def anniversaries(context: template.Context, number: int = 5) -> dict[str, Any]:
    """For how long people have been here, this week: ``{% anniversaries 5 %}``; nothing for visitors."""
    return {**context.flatten(), **widget_context(context, "anniversaries", number=number)}


@register.inclusion_tag("wagtail_personalize/streams/notifications/bell.html", takes_context=True)
def notification_bell(context: template.Context, lazily: bool = False) -> dict[str, Any]:
    """The bell with the number of what is unread: ``{% notification_bell %}``; nothing for visitors."""
    viewer = viewer_in(context)
    return {**context.flatten(), **(bell.lazy_bell(viewer) if lazily else bell.bell(viewer, context.get("request")))}


@register.inclusion_tag("wagtail_personalize/streams/includes/head.html")
def streams_head() -> dict[str, Any]:
    """The styles and scripts of the button and the widgets, for the head of a page: ``{% streams_head %}``."""
    return {}
