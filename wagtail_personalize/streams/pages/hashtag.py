"""The page of a hashtag: its stream, related hashtags, and the addresses of its feeds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.segments.viewer import viewer_for

from ..feed_address import has_token, token_of
from ..formats.choosing import format_choices, read_format, with_query
from ..formats.page_formats import with_formats
from ..hashtag_stream import Place, hashtag_for, related_hashtags, stream
from ..models import Hashtag
from .missing import missing


@method_decorator(never_cache, name="dispatch")
class HashtagView(View):
    """Newest first; ``?after=`` goes on where a part ended."""

    template_name = "wagtail_personalize/streams/hashtag.html"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        viewer = viewer_for(request)
        viewer.mark()  # whatever comes out, so that nothing can be told from the headers
        hashtag = hashtag_for(key, viewer)
        if hashtag is None:
            return missing(request)
        if hashtag.key != key:
            return redirect("wagtail_personalize:hashtag", hashtag.key)
        return render(request, self.template_name, self.get_context_data(hashtag))

    def get_context_data(self, hashtag: Hashtag) -> dict[str, Any]:
        viewer = viewer_for(self.request)
        after = Place.read(self.request.GET.get("after", ""))
        wanted = read_format(self.request.GET.get("format", ""))
        part = stream(hashtag, viewer, after, format=wanted)
        address = reverse("wagtail_personalize:hashtag", args=[hashtag.key])
        slug = wanted.slug if wanted is not None else ""
        return {
            "format_choices": format_choices(address, wanted),
            "first_url": with_query(address, format=slug),
            "more_url": with_query(address, format=slug, after=part.after),
            "hashtag": hashtag,
            "pages": with_formats(part.pages),
            "after": part.after,
            "is_first": after is None,
            "related": related_hashtags(hashtag, viewer),
            "may_subscribe": not viewer.is_anonymous,
            "feeds": self._feeds(hashtag) if not viewer.is_anonymous and has_token(viewer.user) else [],
        }

    def _feeds(self, hashtag: Hashtag) -> list[tuple[str, str]]:
        token = token_of(self.request.user)
        return [(kind, feed_url(self.request, hashtag, kind, token)) for kind in ("rss", "atom")]


def feed_url(request: HttpRequest, hashtag: Hashtag, kind: str, token: str) -> str:
    """The full address of a feed."""
    return request.build_absolute_uri(reverse("wagtail_personalize:hashtag_feed", args=[hashtag.key, kind, token]))
