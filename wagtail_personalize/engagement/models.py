"""What is stored about reading: rows that lead to no person, and the numbers that are made of them.

No model here points to a user, but for what a person does openly: objecting, looking at a report, asking for one. No
row names more than one segment. ``Event`` and ``SegmentEvent`` are raw and live for weeks; ``Figures`` are numbers.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .kinds import Kind

#: In place of a segment: all people.
ALL = 0


class Content(models.Model):
    """Something that is counted by itself: a page in all its languages, a section, the site, a document, a search."""

    class Type(models.TextChoices):
        #: ``key`` is the translation key of the page.
        PAGE = "page", _("page")
        #: A page and all below it; ``key`` is its translation key.
        SECTION = "section", _("section")
        #: One row with an empty key: the whole site.
        SITE = "site", _("whole site")
        #: ``key`` is the primary key of the document.
        DOCUMENT = "document", _("document")
        #: ``key`` is a hash of the folded words; ``label`` the words, shown only when enough people searched for them.
        SEARCH = "search", _("search")
        #: ``key`` names the event, or the digest and its day.
        MAILING = "mailing", _("e-mail")
        #: ``key`` is the key of a source of streams: a hashtag, a colleague is never one.
        HASHTAG = "hashtag", _("hashtag")

    type = models.CharField(_("type"), max_length=10, choices=Type)
    key = models.CharField(max_length=64, blank=True)
    #: As it was called last, for reports on what is deleted by now.
    label = models.CharField(_("title"), max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "key"], name="personalize_content")]

    def __str__(self) -> str:
        return self.label or f"{self.type} {self.key}"


class PeriodKey(models.Model):
    """The secret that makes pseudonyms of one content in one period; without it nobody can make them again.

    A period is a calendar month, or a week that two months share (``week``), so that people can be counted within
    it. Destroyed with the raw events of its period.
    """

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    start = models.DateField()
    week = models.BooleanField(default=False)
    secret = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "start", "week"], name="personalize_period_key")]

    def __str__(self) -> str:
        return f"{self.content_id} {self.start}"


class Event(models.Model):
    """Somebody did something with a content on a day. No person, no segment, no time of day.

    ``pseudonym`` is the first 63 bits of HMAC-SHA-256(key of content and month, user); ``bridge`` the same with the key
    of a week that two months share, else empty. ``load`` joins what was told of one view of this content, and nothing
    else. ``in_audience``: whether the person belonged to the content's audience then.
    """

    #: Derived from the identifier that the browser made up, so that the same event twice is one row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    value = models.PositiveIntegerField(null=True)
    pseudonym = models.BigIntegerField()
    bridge = models.BigIntegerField(null=True)
    load = models.UUIDField(null=True)
    in_audience = models.BooleanField(default=False)
    #: Came through an e-mail, the feed or the site itself: a short name, never who.
    channel = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [models.Index(fields=["day", "content"], name="personalize_event_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"


class SegmentEvent(models.Model):
    """Somebody of one reporting segment did something with a content on a day.

    Its pseudonyms and its own key are made with keys of their own for each segment, and engaged time is only kept in
    steps: so the rows of one person in two segments cannot be joined, nor joined with ``Event``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    segment = models.ForeignKey(
        "personalize_segments.Segment", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.PositiveSmallIntegerField(choices=Kind)
    #: For engaged time the lower bound of its step, see ``steps.py``.
    value = models.PositiveIntegerField(null=True)
    pseudonym = models.BigIntegerField()
    bridge = models.BigIntegerField(null=True)
    #: As in ``Event``, made anew for each segment.
    load = models.UUIDField(null=True)
    in_audience = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["day", "content", "segment"], name="personalize_segment_event_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day} {self.segment_id}"


class HourCount(models.Model):
    """How many views a segment (or all, without one) made at an hour of a weekday in a month, of whatever content."""

    #: The primary key of the segment, or 0 for all people: a unique key does not hold where something is NULL.
    segment_id = models.PositiveBigIntegerField(default=ALL)
    month = models.DateField()
    #: 0 is Monday.
    weekday = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    #: Several rows for the same hour, so that many beacons need not wait for each other.
    shard = models.PositiveSmallIntegerField(default=0)
    views = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment_id", "month", "weekday", "hour", "shard"], name="personalize_hour_count"
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.hour}:00"


class Balance(models.Model):
    """What became of the events that browsers sent: ``received = stored + duplicate + rejected + dropped``, exactly."""

    day = models.DateField()
    shard = models.PositiveSmallIntegerField(default=0)
    received = models.PositiveBigIntegerField(default=0)
    stored = models.PositiveBigIntegerField(default=0)
    duplicate = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    dropped = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "shard"], name="personalize_balance")]

    def __str__(self) -> str:
        return f"{self.day}: {self.received}"


class DirtyDay(models.Model):
    """A day whose figures must be made again: events came for it."""

    day = models.DateField(unique=True)

    def __str__(self) -> str:
        return str(self.day)


class ReportingSegment(models.Model):
    """A segment by which reading is counted; only these are."""

    segment = models.OneToOneField("personalize_segments.Segment", on_delete=models.CASCADE, related_name="+")
    since = models.DateField(auto_now_add=True)

    class Meta:
        verbose_name = _("reporting segment")
        verbose_name_plural = _("reporting segments")
        ordering = ["segment__name"]

    def __str__(self) -> str:
        return str(self.segment)


class Figures(models.Model):
    """The numbers of one content in one span of time: of all people, or of one reporting segment.

    Made anew as a whole from raw events, never added to. People are counted once within each span, so the viewers of
    two days are not the viewers of both; that is why there are spans of a day, a week and a month. Raw: whoever shows a
    number asks the privacy layer first.
    """

    class Span(models.TextChoices):
        DAY = "day", _("day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    #: As in ``HourCount``.
    segment_id = models.PositiveBigIntegerField(default=ALL)
    span = models.CharField(max_length=5, choices=Span)
    #: The first day; a week begins on Monday.
    start = models.DateField()
    #: How many people the content was meant for, of this segment, at the end of the span; empty: unknown.
    audience = models.PositiveIntegerField(null=True)
    #: People with an impression or a view who belonged to the audience: reach is this ÷ ``audience``.
    reached = models.PositiveIntegerField(default=0)
    #: People with an impression or a view.
    seers = models.PositiveIntegerField(default=0)
    viewers = models.PositiveIntegerField(default=0)
    #: People who did more than view.
    participants = models.PositiveIntegerField(default=0)
    impressions = models.PositiveIntegerField(default=0)
    views = models.PositiveIntegerField(default=0)
    #: How many views told how long they were looked at, and the median of these, in seconds.
    timed_views = models.PositiveIntegerField(default=0)
    engaged_median = models.PositiveIntegerField(null=True)
    scrolled_25 = models.PositiveIntegerField(default=0)
    scrolled_50 = models.PositiveIntegerField(default=0)
    scrolled_75 = models.PositiveIntegerField(default=0)
    scrolled_100 = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    bounces = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)
    media = models.PositiveIntegerField(default=0)
    reactions = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)
    shares = models.PositiveIntegerField(default=0)
    bookmarks = models.PositiveIntegerField(default=0)
    follows = models.PositiveIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    #: People who searched.
    searchers = models.PositiveIntegerField(default=0)
    searches = models.PositiveIntegerField(default=0)
    searches_without_result = models.PositiveIntegerField(default=0)
    mails_accepted = models.PositiveIntegerField(default=0)
    mail_clicks = models.PositiveIntegerField(default=0)
    #: From the log of another system, not measured here.
    imported = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content", "span", "start", "segment_id"], name="personalize_figures")
        ]
        indexes = [models.Index(fields=["span", "start", "segment_id"], name="personalize_figures_span")]

    def __str__(self) -> str:
        return f"{self.content_id} {self.span} {self.start}"


class Objection(models.Model):
    """Somebody does not want to be counted: from the next request on nothing they do is."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("objection to measurement")
        verbose_name_plural = _("objections to measurement")

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}"


class ReportLook(models.Model):
    """Somebody looked at a report, or took it away as a file: whom works councils ask for."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who looked"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    report = models.CharField(_("report"), max_length=100)
    #: The filters, as they stood in the address.
    filters = models.TextField(_("filters"), blank=True)
    export = models.CharField(_("file"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("look at a report")
        verbose_name_plural = _("looks at reports")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.report}"


# Django looks for models here.
from .answers.models import HelpfulText  # noqa: E402, F401
from .buffer.models import StoredBatch  # noqa: E402, F401
from .reports.weekly.models import ReportSubscription  # noqa: E402, F401
from .rollup.models import ChannelFigures  # noqa: E402, F401
