"""What is written for single people all the time, and shown to nobody else.

Kept pages need not be told of it: a page that reads one of these tables is made for one person and is not kept anyway.
"""

from wagtail_personalize.targeting.caching import never_shown

_OWN = [
    *("Subscription", "SubscriptionChange", "Shortcut", "InterestsAnswer", "SavedFilter", "WidgetFilter"),
    *("LastLook", "MustKnowRead", "Notification", "Preference", "OutgoingMail", "MailChoice", "FeedAddress"),
]


def declare() -> None:
    """Called once when the app is ready."""
    never_shown(*(f"personalize_streams.{name}" for name in _OWN))
