"""What other systems call a view, a download and the rest."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from wagtail_personalize.people.folding import fold
from wagtail_personalize.people.importing.sources.contract import ImportRefused

from ..kinds import Kind

#: Comes as a column of views, is made from the times, or would need more than a log tells.
_UNKNOWABLE = (Kind.ENGAGED, Kind.SCROLL, Kind.VISIT, Kind.HELPFUL, Kind.MAIL_ACCEPTED, Kind.MAIL_CLICK)
#: What a log can be said to hold.
KNOWN = {kind.name.lower(): kind for kind in Kind if kind not in _UNKNOWABLE}
_ALSO = {
    Kind.IMPRESSION: "impressions teaser shown",
    Kind.VIEW: "views pageview pageviews page_view page_viewed pagevisit visit hit get read open opened action load"
    " page_load visited pageload screen_view viewpage",
    Kind.CLICK: "clicks link link_click outlink exit_link outbound_click linkclick",
    Kind.DOWNLOAD: "downloads file_download filedownload document_download file_downloaded",
    Kind.MEDIA: "play video video_play video_start audio podcast media_play",
    Kind.REACTION: "reactions like likes liked emoji applause kudos react",
    Kind.COMMENT: "comments commented reply post_comment",
    Kind.SHARE: "shares shared forward",
    Kind.BOOKMARK: "bookmarks bookmarked favourite favorite favorites save saved",
    Kind.FOLLOW: "follows followed subscribe subscription",
    Kind.SEARCH: "searches site_search sitesearch search_query view_search_results searched query",
}


class KindsOfLog:
    """Reads the type column: the mapping decides, then what is usual."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self._kinds: dict[str, Kind | None] = dict(KNOWN)
        for kind, names in _ALSO.items():
            self._kinds.update(dict.fromkeys(names.split(), kind))
        for name, kind in types.items():
            if kind and kind not in KNOWN:
                raise ImportRefused(
                    _("“%(kind)s” is nothing that is counted. Known: %(known)s.")
                    % {"kind": kind, "known": ", ".join(KNOWN)}
                )
            self._kinds[_name(name)] = KNOWN.get(kind)

    def read(self, text: str) -> Kind | None:
        """``None`` for what does not count."""
        return self._kinds.get(_name(text))


def _name(text: str) -> str:
    return fold(text).strip().replace(" ", "_").replace("-", "_")
