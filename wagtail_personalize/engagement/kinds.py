"""What is counted, and how much of it.

``Kind`` is one thing that somebody did with one content. Its number is stored; numbers are never used twice.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.IntegerChoices):
    """``value`` of an event, where its kind has one, stands in brackets."""

    IMPRESSION = 1, _("impression")
    VIEW = 2, _("view")
    #: Seconds since the view began, cumulative: the greatest of a view counts.
    ENGAGED = 3, _("engaged time")
    #: 25, 50, 75 or 100 per cent: the greatest of a view counts.
    SCROLL = 4, _("scrolled")
    CLICK = 5, _("click on a link")
    DOWNLOAD = 6, _("download")
    MEDIA = 7, _("audio or video played")
    REACTION = 8, _("reaction")
    COMMENT = 9, pgettext_lazy("of readers", "comment")
    SHARE = 10, _("share")
    BOOKMARK = 11, _("bookmark")
    FOLLOW = 12, _("follow")
    #: 1 for yes, 0 for no.
    HELPFUL = 13, _("answer to “Was this helpful?”")
    #: The number of results that this person may see.
    SEARCH = 14, _("search")
    #: A visit, told when it is over: 1 if it was a bounce, else 0.
    VISIT = 15, _("visit")
    #: An e-mail that the mail server took, and a click in it that its token proves.
    MAIL_ACCEPTED = 16, _("e-mail accepted")
    MAIL_CLICK = 17, _("click in an e-mail")


class Channel(models.TextChoices):
    """Where somebody who opened a page came from."""

    SITE = "site", _("Link on a page")
    MAIL = "mail", _("Notification by e-mail")
    DIGEST = "digest", _("Digest by e-mail")
    BELL = "bell", _("Notification in the bell")
    FEED = "feed", _("Feed")
    SEARCH = "search", _("Search")
    DIRECT = "", _("Directly")


#: What makes a viewer a participant.
INTERACTIONS = frozenset(
    {Kind.CLICK, Kind.DOWNLOAD, Kind.MEDIA, Kind.REACTION, Kind.COMMENT, Kind.SHARE, Kind.BOOKMARK, Kind.FOLLOW}
    | {Kind.HELPFUL}
)
#: What shows that the content came before somebody's eyes: reach is counted from these.
SEEN = frozenset({Kind.IMPRESSION, Kind.VIEW})
