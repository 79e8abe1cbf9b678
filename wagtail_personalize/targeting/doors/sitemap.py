"""The sitemap: what an anonymous visitor may see, for everybody, because search engines and caches share it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from wagtail.contrib.sitemaps import Sitemap

from wagtail_personalize.segments.viewer import Viewer

from ..visibility import visible
from ..wrapping import wrap


def attach() -> None:
    wrap(Sitemap, "items", _items)


def _items(original: Callable[..., QuerySet], sitemap: Any) -> QuerySet:
    return visible(original(sitemap), Viewer.anonymous())
