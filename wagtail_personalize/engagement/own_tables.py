"""What is written all the time and shown on no page: kept pages need not be told of it."""

from wagtail_personalize.targeting.caching import never_shown

_OWN = [
    *("Event", "SegmentEvent", "HourCount", "Balance", "DirtyDay", "Content", "PeriodKey", "Figures"),
    "ChannelFigures",
    *("StoredBatch", "HelpfulText", "Objection", "ReportLook"),
]


def declare() -> None:
    """Called once when the app is ready."""
    never_shown(*(f"personalize_engagement.{name}" for name in _OWN))
