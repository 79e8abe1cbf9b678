"""A hashtag as RSS or Atom for a feed reader, which comes with a person's token instead of a session."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer, viewer_for

from ..feed_address import person_with
from ..hashtag_stream import hashtag_for, stream
from ..models import Hashtag

KINDS = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


@method_decorator(never_cache, name="dispatch")
class HashtagFeedView(View):
    """The newest pages with the hashtag, as far as the person may open them: title, description and address."""

    def get(self, request: HttpRequest, key: str, kind: str, token: str) -> HttpResponse:
        viewer_for(request).mark()
        person = person_with(token)
        viewer = Viewer.for_person(person)
        hashtag = hashtag_for(key, viewer) if person is not None and kind in KINDS else None
        if hashtag is None:
            raise Http404
        feed = self._feed(kind, hashtag)
        for page in stream(hashtag, viewer).pages:
            self._add(feed, page)
        answer = HttpResponse(content_type=feed.content_type, headers={"X-Robots-Tag": "noindex"})
        feed.write(answer, "utf-8")
        return answer

    def _feed(self, kind: str, hashtag: Hashtag) -> SyndicationFeed:
        return KINDS[kind](
            title=str(hashtag),
            link=self.request.build_absolute_uri(reverse("wagtail_personalize:hashtag", args=[hashtag.key])),
            description=_("Pages with %(hashtag)s") % {"hashtag": hashtag},
            language=get_language(),
        )

    def _add(self, feed: SyndicationFeed, page: Page) -> None:
        url = page.get_full_url(self.request)
        if url is None:
            return
        feed.add_item(
            title=page.title,
            link=url,
            description=page.search_description,
            pubdate=page.first_published_at or timezone.now(),
            unique_id=url,
            unique_id_is_permalink=True,
        )
